import Synchronization

/// Whether the server wants requests. Models are loaded before it starts, so that it does from the beginning until its stop begins.
public final class Readiness: Sendable {
    private let ready = Atomic<Bool>(true)

    public init() {}

    var isReady: Bool { ready.load(ordering: .relaxed) }

    /// From now on `GET /readyz` refuses, so that load balancers send their requests elsewhere.
    public func withdraw() {
        ready.store(false, ordering: .relaxed)
    }
}
