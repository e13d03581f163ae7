import DigitAPI
import Foundation
import TestData
import Testing

@testable import digitd

/// Many experiments at once, many who listen, and cancellations in between.
@Suite("Many experiments", .serialized, .enabled(if: ServeProcess.executable != nil, "digitd is not built"))
struct ExperimentSoakTests {
    private static let experimentCount = ExperimentServeProcess.runsLong ? 200 : 24
    private static let listenerCount = ExperimentServeProcess.runsLong ? 50 : 8
    /// Each has some units and makes models.
    private static let request = """
        {"dataset": "synthetic", "folds": 4, "search": [{"classifier": "gaussian-naive-bayes"},
         {"classifier": "random-forest", "grid": {"n_estimators": [5, 10], "max_depth": [3, 5]}}]}
        """

    private struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    @Test("every one ends in a legal state, every listener gets its end, and nothing is left behind")
    func soak() async throws {
        let server = try await ExperimentServeProcess(folder: try ServeTestFolder(), ["--kept-experiments", "1000"])
        var random = Random(state: .random(in: 0 ... .max))
        try await round(on: server, &random)
        // The first round opens most of what stays open: connections to the database, and caches.
        let descriptorCount = try await settled(server)
        let residentKilobytes = try residentKilobytes(of: server)
        try await round(on: server, &random)
        // Of its five connections for reading the database opens one when all others are busy, which may come late.
        #expect(try await settled(server) <= descriptorCount + 10)
        #expect(server.workers.isEmpty)
        #expect(ProcessTable.zombies(of: server.process.processID) == 0)
        // What is kept of an experiment is on the disk; SQLite's and the allocator's caches may still grow a little.
        let grown = try self.residentKilobytes(of: server) - residentKilobytes
        #expect(grown < 16 << 10, "grown by \(grown) kB")
        // A sanitizer that has seen something makes it another status.
        server.process.send(signal: SIGTERM)
        #expect(try await server.process.exit() == 0, "\(server.process.errorText)")
    }

    private func round(on server: ExperimentServeProcess, _ random: inout Random) async throws {
        var ids: [ExperimentID] = []
        for _ in 0..<Self.experimentCount { ids.append(try server.submit(Self.request)) }
        let listeners = (0..<Self.listenerCount).map { number in
            let id = ids.randomElement(using: &random) ?? ids[0]
            // Some leave early.
            return Listener(id: id.description, port: server.port, leavesEarly: number.isMultiple(of: 5))
        }
        var cancelled: Set<ExperimentID> = []
        for id in ids.shuffled(using: &random).prefix(ids.count / 3) {
            cancelled.insert(id)
            let status = try server.answer("POST /experiments/\(id)/cancel").status
            // One that has succeeded meanwhile cannot be cancelled.
            #expect([202, 409].contains(status))
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...30, using: &random)))
        }
        for id in ids {
            let document = try await server.finished(id)
            #expect(document.state == .succeeded || document.state == .cancelled && cancelled.contains(id))
            #expect(document.state == .cancelled || document.progress.finishedTrialCount == 20)
        }
        for listener in listeners {
            let text = await listener.received()
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
            guard !listener.leavesEarly else { continue }
            #expect(text.contains(#"{"failure":null,"state":"succeeded"}"#) || text.contains(#"{"failure":null,"state":"cancelled"}"#))
        }
    }

    /// Descriptors of the server once nothing is under way.
    private func settled(_ server: ExperimentServeProcess) async throws -> Int {
        var last = server.descriptorCount
        var unchangedCount = 0
        while unchangedCount < 10 {
            try await Task.sleep(for: .milliseconds(50))
            let count = server.descriptorCount
            unchangedCount = count == last ? unchangedCount + 1 : 0
            last = count
        }
        return last
    }

    private func residentKilobytes(of server: ExperimentServeProcess) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(server.process.processID)/status", encoding: .utf8)
        return try #require(status.firstMatch(of: /VmRSS:\s+(\d+) kB/).flatMap { Int($0.1) })
    }

    /// Reads the events of an experiment on a thread of its own.
    private final class Listener: Sendable {
        let leavesEarly: Bool
        private let text: Task<String, Never>

        init(id: String, port: UInt16, leavesEarly: Bool) {
            self.leavesEarly = leavesEarly
            text = Task {
                await withCheckedContinuation { continuation in
                    Thread.detachNewThread {
                        guard let connection = try? ServeConnection(port: port) else { return continuation.resume(returning: "") }
                        connection.send("GET /experiments/\(id)/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                        continuation.resume(returning: connection.received(to: leavesEarly ? "\n\n\r\n" : nil))
                    }
                }
            }
        }

        func received() async -> String { await text.value }
    }
}
