import DigitAPI
import Threads

/// Wakes those who wait for events of an experiment. What the events are stands in the database: a listener that is slow, or comes again
/// after a break, reads on from the last one that it had. Safe to share between threads.
public final class EventFeed: Sendable {
    /// One who listens, for as long as it keeps this value: the place is free again when the last reference is gone, also where nobody ever
    /// listened.
    public final class Listener: Sendable {
        /// An element whenever there may be something new, and every `heartbeatSeconds`; several at once are one.
        public let wakeups: AsyncStream<Void>
        private let number: Int
        private let feed: EventFeed

        fileprivate init(wakeups: AsyncStream<Void>, number: Int, feed: EventFeed) {
            self.wakeups = wakeups
            self.number = number
            self.feed = feed
        }

        deinit { leave() }

        /// Gives the place back, and ends `wakeups`. Calling it again changes nothing.
        public func leave() { feed.remove(number) }
    }

    /// Seconds after which a listener is woken even where nothing happens.
    public static let heartbeatSeconds = 15.0

    private struct Entry: Sendable {
        let experiment: ExperimentID
        let wakeup: AsyncStream<Void>.Continuation
        let heartbeat: Task<Void, Never>
    }

    private struct Listeners: Sendable {
        var entries: [Int: Entry] = [:]
        var lastNumber = 0
    }

    private let listeners = Locked(Listeners())
    private let limit: Int

    /// - Parameter limit: listeners at once.
    init(limit: Int) {
        self.limit = limit
    }

    /// Takes a place: of two who want the last one, one gets it.
    ///
    /// - Throws: `ExperimentsError.tooManyListeners`.
    func listen(to experiment: ExperimentID) throws(ExperimentsError) -> Listener {
        try listeners.withLock { listeners throws(ExperimentsError) in
            guard listeners.entries.count < limit else { throw .tooManyListeners(limit: limit) }
            let (wakeups, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            let heartbeat = Task {
                while !Task.isCancelled {
                    try? await Task.sleep(for: .seconds(EventFeed.heartbeatSeconds))
                    continuation.yield()
                }
            }
            listeners.lastNumber += 1
            listeners.entries[listeners.lastNumber] = Entry(experiment: experiment, wakeup: continuation, heartbeat: heartbeat)
            return Listener(wakeups: wakeups, number: listeners.lastNumber, feed: self)
        }
    }

    private func remove(_ number: Int) {
        guard let entry = listeners.withLock({ $0.entries.removeValue(forKey: number) }) else { return }
        entry.heartbeat.cancel()
        entry.wakeup.finish()
    }

    func notify(_ experiment: ExperimentID) {
        let wakeups = listeners.withLock { $0.entries.values.filter { $0.experiment == experiment }.map(\.wakeup) }
        for wakeup in wakeups { wakeup.yield() }
    }
}
