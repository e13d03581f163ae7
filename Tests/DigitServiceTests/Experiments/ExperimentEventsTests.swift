import DigitAPI
import Foundation
import ModelSelection
import Testing
import Threads

@testable import Experiments
@testable import HTTPServing

/// `GET /experiments/{id}/events`, in process.
@Suite struct ExperimentEventsTests {
    private static let heading = ": listening\n"

    /// A server-sent event as a browser takes it apart.
    private struct Event: Equatable {
        var id = ""
        var event = ""
        var data: [String] = []
    }

    /// Takes a stream apart; comments are passed over, everything else has to be a known field.
    private func events(_ stream: String) throws -> [Event] {
        try #require(stream.hasSuffix("\n\n"))
        return try stream.components(separatedBy: "\n\n").dropLast().compactMap { block in
            let fields = block.components(separatedBy: "\n").filter { !$0.hasPrefix(":") }
            if fields.isEmpty { return nil }
            var event = Event()
            for line in fields {
                let parts = line.split(separator: ":", maxSplits: 1).map { $0.drop { $0 == " " } }
                try #require(parts.count == 2, "\(line)")
                switch parts[0] {
                case "id": event.id = String(parts[1])
                case "event": event.event = String(parts[1])
                case "data": event.data.append(String(parts[1]))
                default: Issue.record("a field \(parts[0])")
                }
            }
            return event
        }
    }

    /// An experiment with four events: queued, running, a trial, failed.
    private func finished(_ fixture: ExperimentFixture) async throws -> ExperimentDescription {
        let experiment = try await fixture.submit()
        let started = try fixture.begin()
        try started.record(candidate: 1, fold: 0, wrongCount: 1, best: 0.95, secondsLeft: 1.5)
        try fixture.store.end(started.id, as: .failed, failure: "line 1\nline 2\r\u{2028}: \"é\"", report: nil, runSeconds: 1)
        return experiment
    }

    @Test("the stream of a finished experiment has all its events, numbered from 1, and ends")
    func finishedStream() async throws {
        let fixture = try await ExperimentFixture()
        let answer = try await fixture.get(try await finished(fixture).links.events)
        #expect(answer.status == .ok)
        #expect(answer.headers["Content-Type"] == "text/event-stream")
        #expect(answer.headers["Cache-Control"] == "no-store")
        #expect(
            answer.text == """
                : listening
                id: 1
                event: state
                data: {"failure":null,"state":"queued"}

                id: 2
                event: state
                data: {"failure":null,"state":"running"}

                id: 3
                event: trials
                data: {"best":{"classifier":"multinomial-naive-bayes","mean_test_score":0.95,"params":{"alpha":1}},\
                "progress":{"candidates":2,"failedTrials":0,"finishedTrials":1,"percent":25,"secondsLeft":1.5,"trials":4},\
                "trials":[{"candidate":1,"classifier":"multinomial-naive-bayes","error":null,"fold":0,"params":{"alpha":1},"score":0.95}]}

                id: 4
                event: state
                data: {"failure":"line 1\\nline 2\\r\u{2028}: \\"é\\"","state":"failed"}


                """)
    }

    @Test("a trial that failed is told with its error and no score, and a notice with its message")
    func failedTrialAndNotice() async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let started = try fixture.begin()
        try started.record(Trial(candidate: 0, fold: 1, outcome: .failed(reason: "killed\nby signal 9")))
        try fixture.store.appendNotice("two\nlines", to: started.id)
        try started.succeed()
        let events = try events(try await fixture.get(experiment.path + "/events").text)
        #expect(events.map(\.event) == ["state", "state", "trials", "notice", "state"])
        #expect(
            events[2].data == [
                """
                {"best":null,\
                "progress":{"candidates":2,"failedTrials":1,"finishedTrials":1,"percent":25,"secondsLeft":null,"trials":4},\
                "trials":[{"candidate":0,"classifier":"multinomial-naive-bayes","error":"killed\\nby signal 9","fold":1,\
                "params":{"alpha":0.5},"score":null}]}
                """
            ])
        #expect(events[3].data == ["{\"message\":\"two\\nlines\"}"])
    }

    @Test("who comes again with the last event's id gets the events after it", arguments: 0...3)
    func resumed(last: Int) async throws {
        let fixture = try await ExperimentFixture()
        let path = try await finished(fixture).path + "/events"
        let all = try events(try await fixture.get(path).text)
        let rest = try await fixture.answer(.get, path, headers: ["Last-Event-ID": "\(last)"])
        #expect(rest.status == .ok)
        #expect(try events(rest.text) == Array(all[last...]))
        // A client that cannot set fields says it in the address.
        #expect(try await fixture.get(path + "?last-event-id=\(last)").body == rest.body)
    }

    @Test("an empty id, as an EventSource sends it after a reset, is the beginning")
    func emptyID() async throws {
        let fixture = try await ExperimentFixture()
        let path = try await finished(fixture).path + "/events"
        #expect(try events(try await fixture.answer(.get, path, headers: ["Last-Event-ID": ""]).text).count == 4)
    }

    @Test(
        "where nothing can follow there is no content, so that a browser does not come again", arguments: ["4", "5", "9223372036854775807"])
    func nothingFollows(last: String) async throws {
        let fixture = try await ExperimentFixture()
        let path = try await finished(fixture).path + "/events"
        let answer = try await fixture.answer(.get, path, headers: ["Last-Event-ID": last])
        #expect(answer.status == .noContent)
        #expect(answer.body == [])
        #expect(answer.headers["Content-Type"] == nil)
    }

    @Test("what is no event's id is 400", arguments: ["-1", "x", "1.0", "9223372036854775808", "1, 2"])
    func badID(last: String) async throws {
        let fixture = try await ExperimentFixture()
        let path = try await finished(fixture).path + "/events"
        let answer = try await fixture.answer(.get, path, headers: ["Last-Event-ID": last])
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == .badRequest)
        #expect(problem.type == "urn:digitd:problem:malformed-field")
        #expect(problem.detail == "Last-Event-ID: expected the id of an earlier event, found '\(last)'")
    }

    @Test("a stream of more events than go out at once has them all, in order", arguments: [59, 60, 61, 62, 63, 64, 65, 124, 200])
    func manyEvents(noticeCount: Int) async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let started = try fixture.begin()
        for number in 0..<noticeCount { try fixture.store.appendNotice("\(number)", to: started.id) }
        try started.succeed()
        let events = try events(try await fixture.get(experiment.path + "/events").text)
        #expect(events.map(\.id) == (1...noticeCount + 3).map(String.init))
        #expect(events[2..<events.count - 1].map(\.data) == (0..<noticeCount).map { ["{\"message\":\"\($0)\"}"] })
        #expect(events.last?.data == ["{\"failure\":null,\"state\":\"succeeded\"}"])
    }

    // MARK: Live

    /// A client that listens.
    private final class Listener: Sendable {
        private let sink = MemorySink()
        private let hasEnded = Locked(false)
        private let task: Task<Void, any Error>

        init(_ response: HTTPResponse) throws {
            guard case .stream(let stream) = response.body else { throw HTTPStreamError.closed }
            task = Task { [sink, hasEnded] in
                defer { hasEnded.withLock { $0 = true } }
                try await stream.produce(HTTPBodyWriter(sink))
            }
        }

        var text: String { String(decoding: sink.collected, as: UTF8.self) }

        /// All that has come once this is the end of it.
        func text(upTo ending: String) async throws -> String {
            try await eventually { self.text.hasSuffix(ending) }
            return text
        }

        func goAway() { task.cancel() }

        /// Waits for the end of the stream.
        func end() async throws {
            try await eventually { self.hasEnded.withLock { $0 } }
            task.cancel()
            try await task.value
        }
    }

    private func listen(_ fixture: ExperimentFixture, _ experiment: ExperimentDescription, after last: Int = 0) async throws -> Listener {
        let response = await fixture.router.respond(
            to: HTTPRequest(.get, experiment.path + "/events", headers: ["Last-Event-ID": "\(last)"]))
        try #require(response.status == .ok)
        return try Listener(response)
    }

    @Test("who listens gets what happens while it happens, and the stream ends with the experiment")
    func live() async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let listener = try await listen(fixture, experiment)
        let queued = "id: 1\nevent: state\ndata: {\"failure\":null,\"state\":\"queued\"}\n\n"
        #expect(try await listener.text(upTo: queued) == ExperimentEventsTests.heading + queued)
        let started = try fixture.begin()
        try started.record(candidate: 0, fold: 0, wrongCount: 2)
        // Tells those who listen, as every recorded unit does.
        _ = try await fixture.answer(.post, experiment.path + "/cancel")
        let cancelling = "id: 4\nevent: state\ndata: {\"failure\":null,\"state\":\"cancelling\"}\n\n"
        let events = try events(try await listener.text(upTo: cancelling))
        try #require(events.map(\.id) == ["1", "2", "3", "4"])
        #expect(events[2].data[0].contains("\"score\":0.9"))
        try fixture.store.end(started.id, as: .cancelled, report: nil, runSeconds: 1)
        _ = try await fixture.answer(.post, experiment.path + "/cancel")
        try await listener.end()
        #expect(listener.text.hasSuffix("id: 5\nevent: state\ndata: {\"failure\":null,\"state\":\"cancelled\"}\n\n"))
    }

    @Test("who has had everything so far hears nothing old, and then what is new")
    func liveResumed() async throws {
        let fixture = try await ExperimentFixture()
        let experiment = try await fixture.submit()
        let listener = try await listen(fixture, experiment, after: 1)
        #expect(try await listener.text(upTo: ExperimentEventsTests.heading) == ExperimentEventsTests.heading)
        _ = try await fixture.answer(.post, experiment.path + "/cancel")
        try await listener.end()
        #expect(
            listener.text == ExperimentEventsTests.heading
                + "id: 2\nevent: state\ndata: {\"failure\":null,\"state\":\"cancelled\"}\n\n")
    }

    @Test("what happens to one experiment is told to those who listen to it, and to all of them")
    func severalListeners() async throws {
        let fixture = try await ExperimentFixture()
        let (one, other) = (try await fixture.submit(), try await fixture.submit())
        let listeners = [try await listen(fixture, one), try await listen(fixture, one)]
        let stranger = try await listen(fixture, other)
        for listener in listeners + [stranger] { _ = try await listener.text(upTo: "\"queued\"}\n\n") }
        let heard = stranger.text
        _ = try await fixture.answer(.post, one.path + "/cancel")
        for listener in listeners { try await listener.end() }
        #expect(listeners.allSatisfy { $0.text.hasSuffix("\"cancelled\"}\n\n") })
        #expect(stranger.text == heard)
        stranger.goAway()
    }

    // MARK: Bounds

    @Test("only so many listen at once; another one is told to come again, and gets the place of one that went")
    func listenerLimit() async throws {
        let fixture = try await ExperimentFixture(listenerLimit: 2)
        let experiment = try await fixture.submit()
        let listeners = [try await listen(fixture, experiment), try await listen(fixture, experiment)]
        for listener in listeners { _ = try await listener.text(upTo: "\"queued\"}\n\n") }
        let answer = try await fixture.get(experiment.path + "/events")
        let problem = try answer.decoded(Problem.self)
        #expect(answer.status == .serviceUnavailable)
        #expect(answer.headers["Retry-After"] == "5")
        #expect(problem.type == "urn:digitd:problem:too-many-listeners")
        #expect(problem.detail == "2 clients listen to events; expected fewer before another one")
        // Where nothing can follow, no place is needed.
        let cancelled = try await fixture.experiment(in: .cancelled)
        #expect(try await fixture.answer(.get, cancelled.path + "/events", headers: ["Last-Event-ID": "2"]).status == .noContent)

        listeners[0].goAway()
        try await eventually { await fixture.hasRoomForListener }
        let next = try await listen(fixture, experiment)
        _ = try await next.text(upTo: "\"queued\"}\n\n")
        #expect(await !fixture.hasRoomForListener)
        // The end of the experiment gives all places back.
        _ = try await fixture.answer(.post, experiment.path + "/cancel")
        try await listeners[1].end()
        try await next.end()
        let others = [try await fixture.submit(), try await fixture.submit()]
        for other in others { try await listen(fixture, other).goAway() }
    }

    @Test("of two who ask for the last place before either has begun to listen, one gets it; an answer that is never sent gives it back")
    func lastPlace() async throws {
        let fixture = try await ExperimentFixture(listenerLimit: 1)
        let experiment = try await fixture.submit()
        func response() async -> HTTPResponse { await fixture.router.respond(to: HTTPRequest(.get, experiment.path + "/events")) }
        var first: HTTPResponse? = await response()
        #expect(first?.status == .ok)
        #expect(await response().status == .serviceUnavailable)
        first = nil
        #expect(await response().status == .ok)
    }

    @Test("a request that asks for the head alone takes no place")
    func head() async throws {
        let fixture = try await ExperimentFixture(listenerLimit: 1)
        let experiment = try await fixture.submit()
        for _ in 0..<3 {
            let response = await fixture.router.respond(to: HTTPRequest(.head, experiment.path + "/events"))
            #expect(response.status == .ok)
            #expect(response.headers["Content-Type"] == "text/event-stream")
        }
        #expect(await fixture.hasRoomForListener)
    }
}

extension ExperimentFixture {
    /// Whether another client could listen to events.
    var hasRoomForListener: Bool {
        get async {
            guard let id = try? store.experiments(state: nil, limit: 1, after: nil).experiments.first?.id else { return false }
            return (try? service.listen(to: id)) != nil
        }
    }
}

/// Waits until something is so. Only what never will be takes so long: tests that train beside this one fill every thread for a while.
func eventually(_ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(300)
    while ContinuousClock.now < deadline {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("it did not come to be")
}
