import DigitAPI

/// Wakes those who wait for events of an experiment. What the events are stands in the database: a listener that is slow, or comes again
/// after a break, reads on from the last one that it had.
public actor EventFeed {
    /// One who listens, for as long as it keeps this value.
    public struct Listener: Sendable {
        /// An element whenever there may be something new, and every `heartbeatSeconds`; several at once are one.
        public let wakeups: AsyncStream<Void>
        fileprivate let number: Int
    }

    /// Seconds after which a listener is woken even where nothing happens.
    public static let heartbeatSeconds = 15.0

    private struct Entry {
        let experiment: ExperimentID
        let wakeup: AsyncStream<Void>.Continuation
        let heartbeat: Task<Void, Never>
    }

    private var listeners: [Int: Entry] = [:]
    private var lastNumber = 0
    private let limit: Int

    /// - Parameter limit: listeners at once.
    init(limit: Int) {
        self.limit = limit
    }

    /// - Throws: `ExperimentsError.tooManyListeners`.
    func listen(to experiment: ExperimentID) throws(ExperimentsError) -> Listener {
        try requireRoom()
        lastNumber += 1
        let (wakeups, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let heartbeat = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: .seconds(EventFeed.heartbeatSeconds))
                continuation.yield()
            }
        }
        listeners[lastNumber] = Entry(experiment: experiment, wakeup: continuation, heartbeat: heartbeat)
        return Listener(wakeups: wakeups, number: lastNumber)
    }

    func leave(_ listener: Listener) {
        guard let entry = listeners.removeValue(forKey: listener.number) else { return }
        entry.heartbeat.cancel()
        entry.wakeup.finish()
    }

    func notify(_ experiment: ExperimentID) {
        for listener in listeners.values where listener.experiment == experiment { listener.wakeup.yield() }
    }

    /// - Throws: `ExperimentsError.tooManyListeners` where no other one can listen.
    func requireRoom() throws(ExperimentsError) {
        guard listeners.count < limit else { throw .tooManyListeners(limit: limit) }
    }
}
