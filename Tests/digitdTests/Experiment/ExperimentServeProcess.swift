import DigitAPI
import Foundation
import TestData

@testable import digitd

/// A server of its own process with a state folder, which is killed and started again as a test wants.
final class ExperimentServeProcess {
    struct Answer {
        let status: Int
        let head: String
        let body: String

        func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value { try JSONDecoder().decode(type, from: Data(body.utf8)) }
    }

    static let models = "\(TestData.packageRoot)/Models"

    /// Whether the long versions of tests are asked for.
    static let runsLong = ProcessInfo.processInfo.environment["DIGITD_LONG_TESTS"] == "1"

    private let folder: ServeTestFolder
    private let stateFolder: String
    private let arguments: [String]
    private(set) var process: ServeProcess
    private(set) var port: UInt16

    init(folder: ServeTestFolder, stateFolder: String? = nil, _ more: [String] = []) async throws {
        self.folder = folder
        self.stateFolder = stateFolder ?? "\(folder.path)/state"
        arguments =
            [
                "--port", "0", "--models", Self.models, "--state", self.stateFolder, "--log-format", "json", "--workers", "2",
                // A sanitizer reserves more than any limit allows; that limits hold is for the tests of the pool.
                "--no-worker-idle", "--worker-memory-bytes", "0",
            ] + more
        process = try ServeProcess(arguments, folder: folder.path)
        port = try await process.port()
    }

    /// Kills the server as the kernel does where memory is short, and starts it again.
    func killAndRestart() async throws {
        process.send(signal: SIGKILL)
        _ = try await process.exit()
        try await start()
    }

    func stopAndRestart() async throws {
        process.send(signal: SIGTERM)
        let status = try await process.exit()
        guard status == 0 else { throw ServeProcess.Failure(reason: "ended with \(status): \(process.errorText)") }
        try await start()
    }

    private func start() async throws {
        process = try ServeProcess(arguments, folder: folder.path)
        port = try await process.port()
    }

    func answer(_ request: String, body: String = "", headers: [String] = []) throws -> Answer {
        let text = try ServeConnection.answer(request, body: body, headers: headers, port: port)
        let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let status = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw ServeProcess.Failure(reason: "no answer to \(request): \(text)")
        }
        return Answer(status: status, head: String(parts[0]), body: String(parts[1]))
    }

    func submit(_ body: String) throws -> ExperimentID {
        let answer = try answer("POST /experiments", body: body)
        guard answer.status == 202 else { throw ServeProcess.Failure(reason: "not accepted: \(answer.body)") }
        return try answer.decoded(ExperimentDescription.self).id
    }

    func document(_ id: ExperimentID) throws -> ExperimentDescription {
        try answer("GET /experiments/\(id)").decoded(ExperimentDescription.self)
    }

    /// The experiment when it satisfies a condition.
    func document(_ id: ExperimentID, when isSo: (ExperimentDescription) -> Bool) async throws -> ExperimentDescription {
        while true {
            let document = try document(id)
            if isSo(document) { return document }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    func finished(_ id: ExperimentID) async throws -> ExperimentDescription { try await document(id) { $0.state.isFinished } }

    /// The report without what differs from run to run: times, what earlier runs have done of it, and the experiment's own name.
    func comparableReport(_ id: ExperimentID) throws -> String {
        let answer = try answer("GET /experiments/\(id)/report")
        guard var report = try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any],
            var results = report["cv_results"] as? [String: Any], var experiment = report["experiment"] as? [String: Any]
        else { throw ServeProcess.Failure(reason: "no report: \(answer.body.prefix(500))") }
        report["wall_seconds"] = nil
        report["resumed_trials"] = nil
        for name in results.keys where name.hasSuffix("_time") { results[name] = nil }
        report["cv_results"] = results
        experiment["id"] = nil
        report["experiment"] = experiment
        return String(decoding: try JSONSerialization.data(withJSONObject: report, options: [.sortedKeys]), as: UTF8.self)
    }

    /// The workers that the server has now.
    var workers: [Int32] { ProcessTable.workers(of: process.processID) }

    /// File descriptors that the server has open.
    var descriptorCount: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.processID)/fd").count) ?? 0
    }
}

/// Other processes, as /proc tells of them.
enum ProcessTable {
    private struct Entry {
        let id: Int32
        let parent: Int32
        let state: String
        let command: String
    }

    private static var entries: [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.compactMap { id in
            guard let stat = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
                let fields = stat.split(separator: ")").last?.split(separator: " "), fields.count > 1, let parent = Int32(fields[1])
            else { return nil }
            let command = (try? String(contentsOfFile: "/proc/\(id)/cmdline", encoding: .utf8)) ?? ""
            return Entry(id: id, parent: parent, state: String(fields[0]), command: command)
        }
    }

    /// Worker processes that a process has started and that live.
    static func workers(of parent: Int32) -> [Int32] {
        entries.filter { $0.parent == parent && $0.state != "Z" && $0.command.contains("\0worker\0") }.map(\.id)
    }

    /// Children of a process that have ended and that it has not taken notice of.
    static func zombies(of parent: Int32) -> Int { entries.count { $0.parent == parent && $0.state == "Z" } }

    /// Whether a process is stopped whose command has this text in it.
    static func hasStopped(ofCommand text: String) -> Bool { entries.contains { $0.state == "T" && $0.command.contains(text) } }

    static func isAlive(_ id: Int32) -> Bool { entries.contains { $0.id == id && $0.state != "Z" } }
}
