import Digits
import Files
import Foundation
import ModelFiles
import ModelSelection
import TestData
import Testing

@testable import digitd

@Suite(
    "digitd study as a process", .serialized,
    .enabled(if: ServeProcess.executable != nil, "digitd was not built beside the tests"))
struct StudyCommandTests {
    private struct Ended {
        let status: Int32
        let output: String
        let errors: String
    }

    private func start(_ arguments: [String]) throws -> StartedProgram {
        try StartedProgram(try #require(ServeProcess.executable), ["study"] + arguments)
    }

    private func end(_ program: StartedProgram) async -> Ended {
        Ended(status: await onThread { program.waitUntilExit() }, output: program.outputText, errors: program.errorText)
    }

    private let folder: ServeTestFolder

    init() throws {
        folder = try ServeTestFolder()
    }

    private func study(_ arguments: [String]) async throws -> Ended { await end(try start(arguments)) }

    private func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    /// The report without what differs from run to run: its times, and how many trials were done before.
    private func untimedReport(_ name: String) throws -> String {
        let bytes = try Data(contentsOf: URL(filePath: path(name)))
        var report = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        for key in ["wall_seconds", "resumed_trials", "jobs"] { report[key] = nil }
        let columns = try #require(report["cv_results"] as? [String: Any])
        report["cv_results"] = columns.filter { !$0.key.hasSuffix("_time") }
        return String(decoding: try JSONSerialization.data(withJSONObject: report, options: .sortedKeys), as: UTF8.self)
    }

    private func report(_ name: String) throws -> SearchReport {
        try JSONDecoder().decode(SearchReport.self, from: Data(contentsOf: URL(filePath: path(name))))
    }

    private func small(report: String, _ more: [String] = []) throws -> [String] {
        try folder.write(
            "search: [{classifier: svm, grid: {C: [1, 10]}}, {classifier: random-forest, grid: {n_estimators: [5, 9]}}]", to: "grid.yaml")
        return ["--data", "synthetic:150", "--grid", path("grid.yaml"), "--folds", "3", "--report", path(report)] + more
    }

    @Test("prints a table, writes the report with its statistics, and leaves no journal")
    func whole() async throws {
        let ended = try await study(small(report: "a/report.json", ["--seed", "2", "--jobs", "2"]))
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(ended.errors.isEmpty)
        #expect(ended.output.hasPrefix("synthetic: 150 rows; 4 candidates x 3 folds, 2 jobs, seed 2\n"))
        #expect(ended.output.contains("McNemar's exact test, two-sided: p = "))
        #expect(!exists("a/report.json.journal"))
        let report = try report("a/report.json")
        #expect(report.complete)
        #expect(report.folds.kind == .stratified)
        #expect(report.blocks?.folds.kind == .blocks)
        #expect(report.best.count == 2)
        #expect(report.best.allSatisfy { $0.outOfFold?.rows == 150 })
        #expect(report.profile == nil)
        #expect(report.timing.contains("equal part"))
    }

    @Test("the report does not depend on the number of jobs, its times aside")
    func jobs() async throws {
        for jobs in ["1", "2", "7"] { #expect(try await study(small(report: "\(jobs).json", ["--jobs", jobs])).status == 0) }
        #expect(try untimedReport("1.json") == untimedReport("2.json"))
        #expect(try untimedReport("1.json") == untimedReport("7.json"))
    }

    @Test("on blocks of rows there is no second search on blocks")
    func blocks() async throws {
        #expect(try await study(small(report: "b.json", ["--folding", "blocks"])).status == 0)
        let report = try report("b.json")
        #expect(report.folds.kind == .blocks)
        #expect(report.blocks == nil)
    }

    @Test("a profile has a line a classifier, measured with one job and with several")
    func profile() async throws {
        let ended = try await study(small(report: "p.json", ["--profile", "--jobs", "2"]))
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(ended.output.contains("speed-up"))
        #expect(!ended.output.contains("470.9"))
        let profile = try #require(report("p.json").profile)
        #expect(profile.jobs == 2)
        #expect(profile.classifiers.map(\.classifier) == [.svm, .randomForest])
        #expect(profile.classifiers.allSatisfy { $0.line.wallSecondsOneJob > 0 && $0.line.wallSeconds > 0 && $0.line.candidates == 2 })
    }

    /// Some seconds of work in many units.
    private func long(report: String, _ more: [String] = []) throws -> [String] {
        let gammas = (1...25).map { "\(Double($0) / 1000)" }.joined(separator: ", ")
        try folder.write(
            """
            search:
              - {classifier: svm, grid: {gamma: [\(gammas)], C: [0.1, 1, 10]}}
              - {classifier: random-forest, grid: {n_estimators: [10, 20]}}
            """, to: "long.yaml")
        return ["--data", "synthetic:1500", "--grid", path("long.yaml"), "--folds", "4", "--report", path(report)] + more
    }

    private func lineCount(_ name: String) -> Int {
        ((try? FileBytes.read(path(name))) ?? []).count { $0 == UInt8(ascii: "\n") }
    }

    /// Starts the long study and sends a signal once it has finished some units.
    private func interrupted(report: String, by signal: Int32) async throws -> Ended {
        let running = try start(long(report: report))
        while lineCount("\(report).journal") < 4, running.status == nil { try await Task.sleep(for: .milliseconds(2)) }
        running.send(signal: signal)
        return await end(running)
    }

    @Test(
        "a study that is interrupted or killed goes on with --resume, and ends in the report it would have had",
        arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGKILL, SIGKILL)] as [(Int32, Int32)])
    func resume(signal: Int32, status: Int32) async throws {
        let ended = try await interrupted(report: "cut.json", by: signal)
        #expect(ended.status == status)
        #expect(!exists("cut.json"))
        #expect(lineCount("cut.json.journal") >= 4)
        if signal != SIGKILL {
            #expect(ended.errors.contains("cut.json.journal: the same command with --resume goes on from there\n"))
            // Nothing is torn.
            #expect(try FileBytes.read(path("cut.json.journal")).last == UInt8(ascii: "\n"))
        }
        let refused = try await study(long(report: "cut.json"))
        #expect(refused.status == 73)
        #expect(refused.errors.contains("cut.json.journal: an interrupted search has left finished trials here"))

        let resumed = try await study(long(report: "cut.json", ["--resume"]))
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(resumed.errors.contains(/digitd: \d+ of 308 trials taken from/))
        #expect(!exists("cut.json.journal"))
        let resumedCount = try report("cut.json").resumedTrials
        #expect((3..<308).contains(resumedCount))

        #expect(try await study(long(report: "whole.json")).status == 0)
        #expect(try untimedReport("cut.json") == untimedReport("whole.json"))
    }

    @Test("--resume refuses the journal of another search and says what differs")
    func otherJournal() async throws {
        #expect(try await interrupted(report: "cut.json", by: SIGKILL).status == SIGKILL)
        let cases: [([String], String)] = [
            (["--seed", "5"], "the journal is of another assignment of folds"),
            (["--data", "synthetic:1501"], "the journal is of another data set"),
            (["--grid", path("grid.yaml")], "the journal is of another grid"),
            (["--folds", "5"], "the journal is of another assignment of folds"),
            (["--folding", "blocks"], "the journal is of another assignment of folds"),
        ]
        _ = try small(report: "unused")
        for (change, message) in cases {
            let ended = try await study(long(report: "cut.json", ["--resume"]) + change)
            #expect(ended.status == 65, "\(change)")
            #expect(ended.errors.contains(message), "\(ended.errors)")
        }
    }

    @Test("--resume without a journal begins anew, and says so")
    func nothingToResume() async throws {
        let ended = try await study(small(report: "r.json", ["--resume"]))
        #expect(ended.status == 0)
        #expect(ended.errors.contains("no finished work in \(path("r.json.journal")): beginning anew"))
    }

    @Test("what is wrong is found before the work starts")
    func failures() async throws {
        try folder.write("a file", to: "file")
        try folder.write("{\"fold\": [0, 1]}", to: "folds.json")
        let cases: [([String], Int32, String)] = [
            (["--report", path("file/report.json")], 73, "file: cannot be written: Not a directory"),
            (["--report", folder.path], 73, "Is a directory"),
            (["--folds", path("folds.json")], 65, "folds.json: expected the folds of 150 rows, found those of 2"),
            (["--folds", path("folds.json"), "--folding", "blocks"], 64, "--folding goes with a number of folds"),
            (["--folds", "150", "--folding", "blocks"], 0, ""),
            (["--folds", "151", "--folding", "blocks"], 65, "expected at least 151 rows, one a fold, found 150"),
            (["--folds", "1"], 65, "expected at least 2 folds, found 1"),
            (["--folding", "random"], 64, "--folding"),
            (["--jobs", "0"], 64, "--jobs is 0; expected 1 or more"),
            (["--grid", path("file")], 65, "file: line 1, column 1"),
        ]
        for (change, status, message) in cases {
            let ended = try await study(small(report: "x.json") + change)
            #expect(ended.status == status, "\(change): \(ended.errors)")
            #expect(ended.errors.contains(message) || message.isEmpty, "\(change): \(ended.errors)")
            #expect(status == 0 || ended.output.isEmpty)
        }
    }

    @Test("a classifier of which nothing succeeded is reported, and the exit code says so")
    func failedClassifier() async throws {
        // Each of the two folds is trained on rows of one digit.
        try folder.write(
            (0..<8).map { row in [String](repeating: "0", count: 256).joined(separator: ",") + ",\(row / 4)" }
                .joined(separator: "\n") + "\n", to: "two.csv")
        try folder.write("search: [{classifier: svm}]", to: "svm.yaml")
        let ended = try await study([
            "--data", path("two.csv"), "--grid", path("svm.yaml"), "--folds", "2", "--folding", "blocks", "--report", path("f.json"),
        ])
        #expect(ended.status == 65)
        #expect(ended.errors.contains("2 trials failed, the first: the training rows show 1 digit; at least 2 are needed"))
        #expect(ended.errors.contains("no candidate of svm could be trained"))
        #expect(try report("f.json").errors.count == 2)
    }
}
