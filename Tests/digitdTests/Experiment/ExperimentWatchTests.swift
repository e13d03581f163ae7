import DigitAPI
import Experiments
import Foundation
import HTTPServing
import TestData
import Testing
import Threads

@testable import DigitClient
@testable import digitd

@Suite(.timeLimit(.minutes(5))) struct ExperimentWatchTests {
    private let id = ExperimentID(ExperimentServer.id)!

    /// What a watch has shown so far.
    private final class Shown: Sendable {
        private let written = Locked("")

        func append(_ text: String) { written.withLock { $0 += text } }

        var text: String { written.withLock { $0 } }

        func contains(_ part: String) -> Bool { text.contains(part) }
    }

    /// Watches to the end; gives the experiment and what was shown.
    private func watched(
        _ address: ServerAddress, shown: Shown = Shown(), isTerminal: Bool = false,
        delaysSeconds: [Double] = Array(repeating: 0.1, count: 3_000)
    ) async throws -> (experiment: ExperimentDescription, shown: String) {
        let id = id
        let experiment = try await onThread {
            var watch = ExperimentWatch(
                id, client: ExperimentClient(server: address), isTerminal: isTerminal, delaysSeconds: delaysSeconds,
                width: { nil }, write: shown.append)
            return try watch.run()
        }
        return (experiment, shown.text)
    }

    /// An experiment that is running until the stream has had its last connection.
    private func routes(_ server: ExperimentServer, streams: [HTTPResponse], final: String) -> [Route] {
        let isOver = Locked(false)
        return [
            server.route(.get, "/experiments/{id}/events") { _, number in
                if number >= streams.count - 1 { isOver.withLock { $0 = true } }
                return streams[min(number, streams.count - 1)]
            },
            .immediate(.get, "/experiments/{id}") { _ in
                ExperimentServer.json(isOver.withLock { $0 } ? final : ExperimentServer.document("running", finished: 20))
            },
        ]
    }

    private static let succeeded = ExperimentServer.document(
        "succeeded", finished: 180, best: ExperimentServer.best, models: ExperimentServer.models)
    private static let heading = "01KB3M9ZK4T7XQ2V5N8R6W1YHD: semeion, 1593 rows; 18 candidates, 180 trials\n"

    @Test("a connection that is cut is made again, from the last whole event on")
    func resumes() async throws {
        let first =
            ExperimentServer.state(1, "queued") + ExperimentServer.state(2, "running") + ": heartbeat\n\n"
            + "id: 3\nevent: notice\ndata: {\"message\":\"a worker was\\nkilled\"}\n\n" + "id: 4\nevent: state\ndata: {\"fail"
        let second =
            "id: 4\nevent: novelty\ndata: ?\n\n" + ExperimentServer.trials(5, finished: 180) + ExperimentServer.state(6, "succeeded")
        let progress = Shown()
        try await withExperimentServer({ server in
            routes(
                server,
                streams: [
                    ExperimentServer.events(first, then: .cut(when: { progress.contains("killed") })),
                    ExperimentServer.events(second, then: .waits),
                ],
                final: Self.succeeded)
        }) { server, address in
            let (experiment, shown) = try await watched(address, shown: progress)
            #expect(experiment.state == .succeeded)
            #expect(experiment.models.map(\.promoted) == [true, false])
            #expect(server.requests.map(\.lastEventID) == [nil, "3"])
            #expect(server.requests.map(\.accept) == ["text/event-stream", "text/event-stream"])
            #expect(
                shown == Self.heading + """
                    queued
                    running
                    notice: a worker was\\u{A}killed
                    the connection broke: the server closed it before its answer was whole; trying again in 0.1 s
                    succeeded

                    """)
        }
    }

    @Test("an end that the experiment was queued again after is not the end of the watch")
    func retried() async throws {
        try await withExperimentServer({ server in
            routes(
                server,
                streams: [
                    ExperimentServer.events(
                        ExperimentServer.state(1, "running") + ExperimentServer.state(2, "failed", failure: "\"no room\""), then: .waits),
                    ExperimentServer.events(ExperimentServer.state(3, "queued") + ExperimentServer.state(4, "succeeded"), then: .waits),
                ], final: Self.succeeded)
        }) { server, address in
            let (experiment, shown) = try await watched(address)
            #expect(experiment.state == .succeeded)
            #expect(server.requests.map(\.lastEventID) == [nil, "2"])
            #expect(shown == Self.heading + "running\nfailed: no room\nqueued\nsucceeded\n")
        }
    }

    @Test("a stream that ends too soon, and a server that is not available, are come back to; a failure ends the watch with its reason")
    func comesBack() async throws {
        try await withExperimentServer({ server in
            routes(
                server,
                streams: [
                    ExperimentServer.events(ExperimentServer.state(1, "running"), then: .ends),
                    ExperimentServer.problem(503, "stopping", "the server is stopping"),
                    ExperimentServer.events(ExperimentServer.state(2, "failed", failure: "\"no room\""), then: .ends),
                ], final: ExperimentServer.document("failed", finished: 20, failure: "\"no room\""))
        }) { server, address in
            let (experiment, shown) = try await watched(address)
            #expect(experiment.state == .failed)
            #expect(experiment.failure == "no room")
            #expect(server.requests.map(\.lastEventID) == [nil, "1", "1"])
            #expect(
                shown == Self.heading + """
                    running
                    the connection broke: the server ended the stream; trying again in 0.1 s
                    the server is stopping; trying again in 0.1 s
                    failed: no room

                    """)
        }
    }

    @Test("a server that was started again goes on being watched")
    func restarted() async throws {
        let progress = Shown()
        let first = ExperimentServer()
        let address = try first.start(
            routes(
                first, streams: [ExperimentServer.events(ExperimentServer.state(7, "running"), then: .waits), .text("")],
                final: Self.succeeded))
        async let watching = watched(address, shown: progress)
        while !progress.contains("running") { try await Task.sleep(for: .milliseconds(5)) }
        await first.stop()
        while !progress.contains("Connection refused") { try await Task.sleep(for: .milliseconds(5)) }
        let second = ExperimentServer()
        _ = try second.start(
            routes(second, streams: [ExperimentServer.events(ExperimentServer.state(8, "succeeded"), then: .ends)], final: Self.succeeded),
            port: address.port)
        let (experiment, shown) = try await watching
        await second.stop()
        #expect(experiment.state == .succeeded)
        #expect(second.requests.map(\.lastEventID) == ["7"])
        #expect(shown.contains("no server at \(address): Connection refused; trying again in 0.1 s\n"))
        #expect(shown.hasSuffix("\nsucceeded\n"))
    }

    @Test("a server that stays away is given up after the last delay")
    func givesUp() async throws {
        try await withExperimentServer({ server in
            routes(server, streams: Array(repeating: ExperimentServer.problem(503, "off", "not now"), count: 9), final: Self.succeeded)
        }) { server, address in
            let problem = await #expect(throws: ServerProblem.self) { try await watched(address, delaysSeconds: [0.01, 0.02]) }
            #expect(problem.flatMap { CommandFailure($0) } == CommandFailure("not now", status: .unavailable))
            #expect(server.requests.count == 3)
        }
    }

    @Test("a connection that brought something begins the delays anew")
    func beginsAnew() async throws {
        let streams = (1...4).map { ExperimentServer.events(ExperimentServer.state($0, "running"), then: .ends) }
        try await withExperimentServer({ server in
            let last = ExperimentServer.events(ExperimentServer.state(5, "succeeded"), then: .ends)
            return routes(server, streams: streams + [last], final: Self.succeeded)
        }) { server, address in
            let shown = try await watched(address, delaysSeconds: [0.01]).shown
            #expect(server.requests.map(\.lastEventID) == [nil, "1", "2", "3", "4"])
            #expect(shown.components(separatedBy: "trying again in 0.0 s").count == 5)
        }
    }

    @Test("a refusal that waiting does not mend ends the watch at once")
    func refused() async throws {
        try await withExperimentServer({ server in
            [server.route(.get, "/experiments/{id}") { _, _ in ExperimentServer.problem(.notFound, "unknown-experiment", "there is none") }]
        }) { server, address in
            await #expect(throws: ServerProblem.self) { try await watched(address) }
            #expect(server.requests.count == 1)
        }
    }

    @Test("an experiment that has ended, and a stream of which nothing will follow, need no events")
    func nothingFollows() async throws {
        try await withExperimentServer({ server in
            [server.route(.get, "/experiments/{id}") { _, _ in ExperimentServer.json(Self.succeeded) }]
        }) { server, address in
            let shown = try await watched(address).shown
            #expect(shown == Self.heading)
            #expect(server.requests.count == 1)
        }
        let progress = Shown()
        try await withExperimentServer({ server in
            routes(
                server,
                streams: [
                    ExperimentServer.events(
                        ExperimentServer.state(1, "cancelling"), then: .cut(when: { progress.contains("cancelling") })),
                    HTTPResponse(status: .noContent),
                ], final: ExperimentServer.document("cancelled"))
        }) { server, address in
            let experiment = try await watched(address, shown: progress).experiment
            #expect(experiment.state == .cancelled)
            #expect(server.requests.map(\.lastEventID) == [nil, "1"])
        }
    }

    @Test("on a terminal a bar shows the state, how far it is, the best so far and the time left; it does not go back to what has been")
    func bar() async throws {
        let events =
            ExperimentServer.state(1, "queued") + ExperimentServer.trials(2, finished: 10) + ExperimentServer.state(3, "running")
            + "id: 4\nevent: notice\ndata: {\"message\":\"look\"}\n\n"
            + ExperimentServer.trials(5, finished: 180, secondsLeft: "0", best: ExperimentServer.best)
            + ExperimentServer.state(6, "succeeded")
        try await withExperimentServer({ server in
            routes(server, streams: [ExperimentServer.events(events, then: .ends)], final: Self.succeeded)
        }) { server, address in
            let shown = try await watched(address, isTerminal: true).shown
            let lines = shown.replacingOccurrences(of: "\r\u{1B}[2K", with: "\n").split(separator: "\n")
            let bar = "[##..................] 20/180 trials"
            let full = "[####################] 180/180 trials  best svm 96.11 %"
            #expect(
                lines.map(String.init) == [
                    bar, "running \(bar)", String(Self.heading.dropLast()), "running \(bar)", "queued \(bar)", "running \(bar)",
                    "notice: look", "running \(bar)", "running \(full)", "succeeded \(full)",
                ])
            #expect(shown.hasSuffix("\r\u{1B}[2K"))
        }
    }
}
