import DigitAPI
import Experiments
import HTTPServing

/// `GET /experiments/{id}/events`: what happens to an experiment, as server-sent events (WHATWG HTML, section 9.2).
///
/// Events stand in the database and not in memory: a client that breaks off and comes again with `Last-Event-ID` misses nothing, and one
/// that reads slowly costs no more than the buffer of its connection, until the connection's inactivity ends it.
struct ExperimentEventsEndpoint: Sendable {
    let experiments: DigitService.Experiments

    /// Events in one piece.
    private static let batchLimit = 64
    /// A search may finish hundreds of units a second; its events are sent together so often.
    private static let pauseMilliseconds = 50

    func respond(to request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let service = try experiments.service()
        let id = try request.experimentID()
        let last = try ExperimentEventsEndpoint.number(request.header("Last-Event-ID") ?? request.query("last-event-id"))
        let (events, isEnd) = try await service.events(of: id, after: last, limit: 1)
        // Tells a browser's EventSource not to come again.
        if events.isEmpty, isEnd { return HTTPResponse(status: .noContent) }
        // Taken before the answer is on its way: of two who come for the last place, one is refused. An answer that is dropped before its
        // stream begins, as that to HEAD is, gives the place back with the listener.
        let listener = try service.listen(to: id)
        let stream = HTTPBodyStream(endsWhenStopping: true) { writer in
            defer { listener.leave() }
            try await ExperimentEventsEndpoint.send(id, after: last, to: writer, listener, service)
        }
        return HTTPResponse(
            headers: [
                "Content-Type": "text/event-stream", "Cache-Control": "no-store",
                // nginx would gather events before it hands them on.
                "X-Accel-Buffering": "no",
            ], body: .stream(stream))
    }

    private static func number(_ text: String?) throws(ServiceError) -> Int {
        guard let text, !text.isEmpty else { return 0 }
        guard let number = Int(text), number >= 0 else {
            throw .malformedField(name: "Last-Event-ID", found: "'\(text)'", expected: "the id of an earlier event")
        }
        return number
    }

    private static func send(
        _ id: ExperimentID, after last: Int, to writer: HTTPBodyWriter, _ listener: EventFeed.Listener, _ service: ExperimentService
    ) async throws {
        var last = last
        var wakeups = listener.wakeups.makeAsyncIterator()
        // The head of the answer goes out with this, so that a client knows at once that it listens.
        try await writer.write(": listening\n")
        var isWoken = false
        while true {
            let (events, isEnd) = try await service.events(of: id, after: last, limit: batchLimit)
            if let newest = events.last {
                try await writer.write(events.map(text).joined())
                last = newest.number
            } else if isWoken, !isEnd {
                // Nothing new: a heartbeat, which tells the client that it still listens, and this server that the client is still there.
                try await writer.write(":\n")
            }
            if isEnd { return }
            isWoken = events.count < batchLimit
            guard isWoken else { continue }
            guard await wakeups.next() != nil else { return }
            try await Task.sleep(for: .milliseconds(pauseMilliseconds))
        }
    }

    /// The data is JSON in one line, and JSON has no line breaks but those it was given.
    private static func text(of event: ExperimentEvent) -> String {
        "id: \(event.number)\nevent: \(event.kind.rawValue)\ndata: \(event.data)\n\n"
    }
}
