/// What slots report to the one task that runs them, in the order in which it came.
///
/// An actor and not an `AsyncStream`: the thread sanitizer follows actors, and not the lock inside that stream, of whose elements it would report
/// every one as a race.
actor EventMailbox<Event: Sendable> {
    private var events: [Event] = []
    private var reader: CheckedContinuation<Event, Never>?

    func put(_ event: Event) {
        guard let reader else { return events.append(event) }
        self.reader = nil
        reader.resume(returning: event)
    }

    /// The oldest event that nobody has taken; waits for one where there is none.
    ///
    /// - Precondition: one task reads, and somebody will put.
    func next() async -> Event {
        if !events.isEmpty { return events.removeFirst() }
        precondition(reader == nil, "one task reads")
        return await withCheckedContinuation { reader = $0 }
    }
}
