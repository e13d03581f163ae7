import HTTPServing
import Logging
import Synchronization

/// A line in the log for requests, written off the threads that serve them.
///
/// Serving threads append a small value to a bounded list; a task takes the list twenty times a second and writes. Where requests come faster
/// than they can be written, further ones are counted and dropped: predictions never wait for the log.
final class AccessLog: Sendable {
    private struct Pending {
        var summaries: [RequestSummary] = []
        var droppedCount = 0
    }

    private let logger: Logger
    private let access: ServeConfiguration.LogAccess
    private let capacity: Int
    private let pending = Mutex(Pending())

    private static let writingInterval = Duration.milliseconds(50)

    /// - Parameter capacity: requests that may wait to be written.
    init(logger: Logger, access: ServeConfiguration.LogAccess, capacity: Int = 8_192) {
        self.logger = logger
        self.access = access
        self.capacity = capacity
    }

    /// What the server calls for every request; nil where none is logged, which costs nothing.
    var observer: RequestObserver? {
        switch access {
        case .none: nil
        case .errors: { [self] summary in if AccessLog.isError(summary) { enqueue(summary) } }
        case .all: { [self] summary in enqueue(summary) }
        }
    }

    /// Writes until the task is cancelled, and then what is left.
    func run() async {
        guard access != .none else { return }
        while !Task.isCancelled {
            try? await Task.sleep(for: AccessLog.writingInterval)
            write()
        }
        write()
    }

    /// Writes what waits now.
    func write() {
        let taken = pending.withLock { pending in
            defer { pending = Pending() }
            return pending
        }
        for summary in taken.summaries { logger.info("request", metadata: AccessLog.metadata(of: summary)) }
        if taken.droppedCount > 0 {
            logger.warning("requests came faster than the log", metadata: ["dropped": "\(taken.droppedCount)"])
        }
    }

    private func enqueue(_ summary: RequestSummary) {
        pending.withLock { pending in
            if pending.summaries.count < capacity {
                pending.summaries.append(summary)
            } else {
                pending.droppedCount += 1
            }
        }
    }

    private static func isError(_ summary: RequestSummary) -> Bool {
        summary.status.map { $0.code >= 400 } ?? true
    }

    private static func metadata(of summary: RequestSummary) -> Logger.Metadata {
        [
            "id": "\(summary.id)",
            "method": "\(summary.method.rawValue)",
            "route": "\(summary.route ?? "-")",
            "status": "\(summary.status.map(\.description) ?? "-")",
            "microseconds": "\(summary.microseconds)",
            "bytesIn": "\(summary.requestBodyBytes)",
            "bytesOut": "\(summary.responseBodyBytes)",
        ]
    }
}
