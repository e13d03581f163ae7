import Dispatch
import Experiments
import HTTPServing
import Logging
import Threads

/// A line in the log for requests, made off the threads that serve them.
///
/// Serving threads append a small value to a bounded list; the first of a list has it written a moment later, on a queue of the log's own.
/// Where requests come faster than they can be written, further ones are counted and dropped: predictions never wait for the log.
final class AccessLog: Sendable {
    private struct Entry {
        let summary: RequestSummary
        let time: Timestamp
    }

    private struct Pending {
        var entries: [Entry] = []
        var droppedCount = 0
    }

    private let access: ServeConfiguration.LogAccess
    private let format: LogLine.Format
    private let capacity: Int
    private let delay: DispatchTimeInterval
    private let write: @Sendable (String) -> Void
    private let pending: Locked<Pending>
    private let queue = DispatchQueue(label: "digitd.access-log", qos: .utility)

    /// As many bytes as the queue of the log writes in one piece.
    private static let chunkBytes = 4_096
    private static let label = "digitd"

    /// - Parameters:
    ///   - capacity: requests that may wait to be written.
    ///   - delay: how long the first of them waits for others.
    ///   - write: takes whole lines, and does not keep its caller waiting.
    init(
        access: ServeConfiguration.LogAccess, format: LogLine.Format, capacity: Int = 8_192,
        delay: DispatchTimeInterval = .milliseconds(50),
        write: @escaping @Sendable (String) -> Void
    ) {
        self.access = access
        self.format = format
        self.capacity = capacity
        self.delay = delay
        self.write = write
        pending = Locked(Pending())
    }

    /// What the server calls for every request; nil where none is logged, which costs nothing.
    var observer: RequestObserver? {
        switch access {
        case .none: nil
        case .errors: { [self] summary in if AccessLog.isError(summary) { enqueue(summary) } }
        case .all: { [self] summary in enqueue(summary) }
        }
    }

    /// Gives what waits to the log, and returns when it has.
    func flush() {
        queue.sync { writePending() }
    }

    private func enqueue(_ summary: RequestSummary) {
        let entry = Entry(summary: summary, time: .now)
        let isFirst = pending.withLock { pending in
            guard pending.entries.count < capacity else {
                pending.droppedCount += 1
                return false
            }
            pending.entries.append(entry)
            return pending.entries.count == 1
        }
        if isFirst { queue.asyncAfter(deadline: .now() + delay) { [self] in writePending() } }
    }

    private func writePending() {
        var next = Pending()
        // So that no serving thread finds the list too short and moves it, which could take it longer than all else here.
        next.entries.reserveCapacity(min(capacity, pending.withLock { $0.entries.count }))
        let taken = pending.withLock { pending in
            swap(&pending, &next)
            return next
        }
        var chunk = ""
        for entry in taken.entries {
            let line = line(of: entry)
            if chunk.utf8.count + line.utf8.count > AccessLog.chunkBytes {
                write(chunk)
                chunk = ""
            }
            chunk += line
        }
        if !chunk.isEmpty { write(chunk) }
        if taken.droppedCount > 0 {
            write(
                LogLine.line(
                    format, time: .now, level: .warning, label: AccessLog.label, message: "requests came faster than the log",
                    metadata: ["droppedCount": .stringConvertible(taken.droppedCount)]))
        }
    }

    private static func isError(_ summary: RequestSummary) -> Bool {
        summary.status.map { $0.code >= 400 } ?? true
    }

    /// As `LogLine.line` would write it but for the order, without a dictionary to fill and to sort for every request. Nothing here needs
    /// quoting, because identity, method, and the route's pattern are the program's own texts.
    private func line(of entry: Entry) -> String {
        let summary = entry.summary
        let opening = LogLine.opening(format, time: entry.time, level: .info, label: AccessLog.label, message: "request")
        let members =
            switch format {
            case .text:
                " id=\(summary.id) method=\(summary.method.rawValue) route=\(summary.route ?? "-")"
                    + " status=\(summary.status?.description ?? "-") microseconds=\(summary.microseconds)"
                    + " bytesIn=\(summary.requestBodyBytes) bytesOut=\(summary.responseBodyBytes)"
            case .json:
                ",\"id\":\"\(summary.id)\",\"method\":\"\(summary.method.rawValue)\""
                    + ",\"route\":\(summary.route.map { "\"\($0)\"" } ?? "null"),\"status\":\(summary.status?.description ?? "null")"
                    + ",\"microseconds\":\(summary.microseconds)"
                    + ",\"bytesIn\":\(summary.requestBodyBytes),\"bytesOut\":\(summary.responseBodyBytes)"
            }
        return opening + members + LogLine.closing(format)
    }
}
