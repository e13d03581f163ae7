import DigitAPI
import Foundation
import ModelFiles
import ModelSelection
import TestData
import Testing

@testable import Experiments
@testable import digitd

/// What may go wrong under a running experiment, done to a real server.
@Suite("Experiments that are disturbed", .serialized, .enabled(if: ServeProcess.executable != nil, "digitd is not built"))
struct ExperimentFaultTests {
    private let folder: ServeTestFolder

    init() throws {
        folder = try ServeTestFolder()
    }

    private static let tuned = #"{"preset": "tuned", "dataset": "synthetic"}"#
    /// Long enough to be disturbed, short enough to be run often.
    private static let short = """
        {"dataset": "synthetic", "folds": 20, "search": [{"classifier": "svm", "grid": {"C": [0.1, 1, 10], "gamma": [0.01, 0.03]}},
         {"classifier": "random-forest", "grid": {"n_estimators": [100, 200, 400]}}]}
        """

    /// The report of an experiment that nothing disturbs.
    private func undisturbedReport(_ request: String) async throws -> String {
        let server = try await ExperimentServeProcess(folder: try ServeTestFolder())
        let id = try server.submit(request)
        #expect(try await server.finished(id).state == .succeeded)
        return try server.comparableReport(id)
    }

    @Test("a server that is killed again and again goes on each time, and ends in the report of one that was not")
    func killedServer() async throws {
        let expected = try await undisturbedReport(Self.tuned)
        let server = try await ExperimentServeProcess(folder: folder)
        let id = try server.submit(Self.tuned)
        var finishedTrialCount = 0
        for _ in 0..<(ExperimentServeProcess.runsLong ? 10 : 3) {
            let milliseconds = Int.random(in: 0...700)
            try await Task.sleep(for: .milliseconds(milliseconds))
            let workers = server.workers
            try await server.killAndRestart()
            let document = try server.document(id)
            #expect(document.progress.finishedTrialCount >= finishedTrialCount, "killed after \(milliseconds) ms")
            finishedTrialCount = document.progress.finishedTrialCount
            // Those of the killed server died with it.
            while workers.contains(where: ProcessTable.isAlive) { try await Task.sleep(for: .milliseconds(10)) }
        }
        let document = try await server.finished(id)
        #expect(document.state == .succeeded)
        #expect(document.progress.finishedTrialCount == document.progress.trialCount)
        #expect(try server.comparableReport(id) == expected)
    }

    @Test("workers that are killed, all of them twice, are replaced, and the report is the same")
    func killedWorkers() async throws {
        let expected = try await undisturbedReport(Self.short)
        for _ in 0..<(ExperimentServeProcess.runsLong ? 5 : 1) {
            // Each has a state folder of its own: reports tell the numbers of model versions.
            let server = try await ExperimentServeProcess(folder: try ServeTestFolder())
            let id = try server.submit(Self.short)
            var killed: Set<Int32> = []
            // Twice each, which a unit survives; a third time it would have failed, and rightly.
            for _ in 0..<2 {
                var workers: [Int32] = []
                while workers.count < 2 || !killed.isDisjoint(with: workers) {
                    workers = server.workers
                    try await Task.sleep(for: .milliseconds(5))
                    if try server.document(id).state.isFinished { break }
                }
                for worker in workers { kill(worker, SIGKILL) }
                killed.formUnion(workers)
            }
            #expect(killed.count == 4)
            let document = try await server.finished(id)
            #expect(document.state == .succeeded)
            #expect(document.progress.failedTrialCount == 0)
            #expect(try server.comparableReport(id) == expected)
        }
    }

    @Test("an experiment that is cancelled while it runs ends with what it has, and no worker goes on")
    func cancelled() async throws {
        let server = try await ExperimentServeProcess(folder: folder)
        let id = try server.submit(#"{"preset": "paper", "dataset": "synthetic", "folds": "leave-one-out"}"#)
        _ = try await server.document(id) { $0.progress.finishedTrialCount > 0 }
        let workers = server.workers
        #expect(try server.answer("POST /experiments/\(id)/cancel").status == 202)
        let document = try await server.finished(id)
        #expect(document.state == .cancelled)
        #expect(document.progress.finishedTrialCount > 0)
        while workers.contains(where: ProcessTable.isAlive) { try await Task.sleep(for: .milliseconds(10)) }
        let report = try server.answer("GET /experiments/\(id)/report")
        #expect(report.body.contains(#""complete":false"#))
        #expect(try server.answer("POST /experiments/\(id)/cancel").status == 202)
        #expect(try server.answer("DELETE /experiments/\(id)").status == 204)
        #expect(try server.answer("GET /experiments/\(id)").status == 404)
    }

    @Test("an experiment that was cancelled and is tried again goes on where it was")
    func retried() async throws {
        let server = try await ExperimentServeProcess(folder: folder)
        let id = try server.submit(#"{"preset": "paper", "dataset": "synthetic", "folds": "leave-one-out"}"#)
        _ = try await server.document(id) { $0.progress.finishedTrialCount > 0 }
        #expect(try server.answer("POST /experiments/\(id)/cancel").status == 202)
        let cancelled = try await server.finished(id)
        #expect(cancelled.state == .cancelled)
        let retry = try server.answer("POST /experiments/\(id)/retry")
        #expect(retry.status == 202)
        let count = cancelled.progress.finishedTrialCount
        #expect(try retry.decoded(ExperimentDescription.self).progress.finishedTrialCount == count)
        let again = try await server.document(id) { $0.progress.finishedTrialCount > count || $0.state.isFinished }
        #expect(again.state == .running)
    }

    @Test("a server that is told to stop puts its experiment back, and goes on with it after the next start")
    func stopped() async throws {
        let server = try await ExperimentServeProcess(folder: folder)
        let id = try server.submit(Self.tuned)
        let before = try await server.document(id) { $0.progress.finishedTrialCount > 50 }
        try await server.stopAndRestart()
        let after = try server.document(id)
        #expect(after.progress.finishedTrialCount >= before.progress.finishedTrialCount)
        let finished = try await server.finished(id)
        #expect(finished.state == .succeeded)
        let resumedTrialCount = try server.answer("GET /experiments/\(id)/report").decoded(SearchReport.self).resumedTrials
        #expect((before.progress.finishedTrialCount...finished.progress.trialCount).contains(resumedTrialCount))
    }

    @Test("a search by halving is through at 100 percent, also where candidates have failed")
    func halvingWithFailures() async throws {
        let server = try await ExperimentServeProcess(folder: folder)
        // More components than there are digits less one cannot be fitted.
        let request = """
            {"dataset": "synthetic", "folds": 2, "strategy": "halving", "promote": "never", "search": [
             {"classifier": "linear-discriminant-analysis", "grid": {"n_components": [9, 10, 11, 12, 13, 14, 15, 16, 17]}}]}
            """
        let finished = try await server.finished(try server.submit(request))
        #expect(finished.state == .succeeded)
        #expect(finished.progress.failedTrialCount == 16)
        #expect(finished.progress.finishedTrialCount == finished.progress.trialCount)
        #expect(finished.progress.percent == 100)
    }

    @Test("of a server that was told to stop, the database's one file has everything")
    func wholeFile() async throws {
        let server = try await ExperimentServeProcess(folder: folder)
        let id = try server.submit(#"{"dataset": "synthetic", "folds": 2, "search": [{"classifier": "gaussian-naive-bayes"}]}"#)
        #expect(try await server.finished(id).state == .succeeded)
        server.process.send(signal: SIGTERM)
        #expect(try await server.process.exit() == 0)
        try FileManager.default.createDirectory(atPath: "\(folder.path)/copy", withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(folder.path)/state/digitd.sqlite", toPath: "\(folder.path)/copy/digitd.sqlite")
        let copy = try ExperimentStore(folder: StateFolder(path: "\(folder.path)/copy"))
        #expect(try copy.experiment(id).state == .succeeded)
        #expect(try copy.modelVersions().map(\.number) == [2])
    }

    @Test("a second server on the same state folder refuses to start, and says why")
    func secondServer() async throws {
        let server = try await ExperimentServeProcess(folder: folder)
        let second = try ServeProcess(
            ["--port", "0", "--models", ExperimentServeProcess.models, "--state", "\(folder.path)/state", "--log-format", "json"],
            folder: folder.path)
        #expect(try await second.exit() == 75)
        #expect(second.errorText.contains("\(folder.path)/state: another server uses this state folder"))
        #expect(try server.answer("GET /experiments").status == 200)
    }

    @Test("another process that keeps the database locked delays an experiment, and requests get 503 until it lets go")
    func lockedDatabase() async throws {
        let server = try await ExperimentServeProcess(folder: folder, ["--database-wait-seconds", "0.01"])
        let id = try server.submit(Self.tuned)
        _ = try await server.document(id) { $0.progress.finishedTrialCount > 0 }
        let script = """
            import signal, sqlite3, sys
            connection = sqlite3.connect(sys.argv[1], timeout=600, isolation_level=None)
            connection.execute("BEGIN IMMEDIATE")
            print("locked", flush=True)
            signal.pause()
            """
        let other = try StartedProgram("/usr/bin/env", ["python3", "-c", script, "\(folder.path)/state/digitd.sqlite"])
        while !other.outputText.contains("locked") {
            try #require(other.status == nil, "\(other.errorText)")
            try await Task.sleep(for: .milliseconds(5))
        }
        _ = try await server.process.line(containing: "digitd.sqlite: another process keeps it locked")
        let refusal = try server.answer("POST /experiments", body: Self.short)
        #expect(refusal.status == 503)
        #expect(refusal.head.contains("\r\nRetry-After: 5"))
        #expect(refusal.body.contains("urn:digitd:problem:experiments-busy"))
        #expect(try !server.document(id).state.isFinished)
        other.send(signal: SIGKILL)
        let document = try await server.finished(id)
        #expect(document.state == .succeeded)
        #expect(document.progress.finishedTrialCount == document.progress.trialCount)
    }

    @Test("with a damaged database the server predicts, and says that experiments are off and why")
    func damagedDatabase() async throws {
        try folder.write(String(repeating: "not a database ", count: 1_000), to: "state/digitd.sqlite")
        let server = try await ExperimentServeProcess(folder: folder)
        _ = try await server.process.line(containing: "experiments are off")
        let prediction = try server.answer("POST /predict", body: String(repeating: "0", count: 64))
        #expect(prediction.status == 200)
        let refusal = try server.answer("GET /experiments")
        #expect(refusal.status == 503)
        #expect(refusal.body.contains("urn:digitd:problem:experiments-off"))
        #expect(refusal.body.contains("\(folder.path)/state/digitd.sqlite: damaged: file is not a database"))
    }

    @Test("damage in the history does not keep the server from starting; experiments go off once it is found")
    func damagedHistory() async throws {
        let path = "\(folder.path)/state/digitd.sqlite"
        var store: ExperimentStore? = try ExperimentStore(folder: StateFolder(path: "\(folder.path)/state"))
        let request = try ExperimentRequest(json: Array("{}".utf8).span)
        _ = try store?.submit(
            request, dataset: ExperimentDescription.Dataset(name: "semeion", sha256: String(repeating: "0", count: 64), rows: 1),
            candidateCount: 1,
            trialCount: 1, key: nil, answer: { _ in [] })
        let id = try #require(try store?.claimNext()).id
        try store?.end(id, as: .failed, failure: "no reason", report: [UInt8](repeating: 0x20, count: 1 << 20), runSeconds: 1)
        store = nil
        var bytes = try Data(contentsOf: URL(filePath: path))
        for index in (bytes.count - 100 * 4096)..<(bytes.count - 50 * 4096) { bytes[index] = 0xA5 }
        try bytes.write(to: URL(filePath: path))
        let server = try await ExperimentServeProcess(folder: folder)
        _ = try await server.process.line(containing: "experiments are off")
        #expect(try server.answer("POST /predict", body: String(repeating: "0", count: 64)).status == 200)
        let refusal = try server.answer("GET /experiments")
        #expect(refusal.status == 503)
        #expect(refusal.body.contains("\(path): damaged: "))
    }

    @Test("a promoted model serves the next request, and still does after SIGHUP and a restart; the way back works too")
    func promotion() async throws {
        let server = try await ExperimentServeProcess(folder: folder)
        func servedVersion() throws -> String {
            let body = try server.answer("POST /predict?model=svm", body: String(repeating: "f0", count: 32)).body
            return String(try #require(body.firstMatch(of: /"model":(\{[^}]*\})/)).1)
        }
        #expect(try servedVersion() == #"{"name":"svm","version":1}"#)
        let id = try server.submit(#"{"dataset": "synthetic", "folds": 2, "promote": "always", "search": [{"classifier": "svm"}]}"#)
        let document = try await server.finished(id)
        #expect(document.models.map(\.version) == [2])
        #expect(document.models.map(\.promoted) == [true])
        let promoted = #"{"name":"svm","version":2}"#
        #expect(try servedVersion() == promoted)
        server.process.send(signal: SIGHUP)
        _ = try await server.process.line(containing: "reloaded the models")
        #expect(try servedVersion() == promoted)
        try await server.killAndRestart()
        #expect(try servedVersion() == promoted)
        #expect(try server.answer("GET /models/svm/report").body.contains(id.description))
        #expect(try server.answer("POST /models/svm/versions/1/activate").status == 200)
        #expect(try servedVersion() == #"{"name":"svm","version":1}"#)
        try await server.killAndRestart()
        #expect(try servedVersion() == #"{"name":"svm","version":1}"#)
    }

    @Test("a winner that does not beat the model in service on folds drawn anew is stored, and says by how much")
    func notBeaten() async throws {
        let server = try await ExperimentServeProcess(folder: folder)
        // Nothing of this classifier serves, so that the default model has to be beaten.
        let id = try server.submit(
            #"{"dataset": "synthetic", "folds": 2, "promote": "if-better", "search": [{"classifier": "decision-tree", "grid": {"max_depth": [1, 2]}}]}"#
        )
        let document = try await server.finished(id)
        #expect(document.models.map(\.promoted) == [false])
        let body = try server.answer("GET /experiments/\(id)").body
        #expect(body.contains(#""folds":2"#) && body.contains(#""repeats":3"#))
        #expect(body.contains(/version [0-9]+ stored, not put into service: svm 1 is not beaten \(a difference of -[0-9.]+ points, p = 0/))
    }
}
