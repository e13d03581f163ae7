import Synchronization

/// Whether the server wants requests. Models are loaded before it starts, so that it does from the beginning until it is told to stop.
public final class Readiness: Sendable {
    private let ready = Atomic<Bool>(true)

    public init() {}

    var isReady: Bool { ready.load(ordering: .relaxed) }

    /// From now on load balancers are told to send their requests elsewhere.
    public func withdraw() {
        ready.store(false, ordering: .relaxed)
    }
}
