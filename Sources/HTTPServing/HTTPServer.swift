import Dispatch
public import Logging
import Threads

/// An HTTP/1.1 server on libmicrohttpd: started once, stopped once.
public final class HTTPServer: Sendable {
    private enum State: Sendable {
        case new
        case running(Daemon)
        case stopped
    }

    private let core: ServerCore
    private let state = Locked(State.new)

    public init(router: Router, configuration: HTTPServerConfiguration = HTTPServerConfiguration(), logger: Logger) {
        core = ServerCore(router: router, configuration: configuration, logger: logger)
    }

    /// A server that was not stopped stops without grace.
    deinit {
        guard case .running(let daemon) = state.withLock({ $0 }) else { return }
        core.isDraining.store(true, ordering: .relaxed)
        daemon.quiesce()
        core.stopWaiting()
        daemon.stop()
    }

    /// Listens and serves; returns the bound port.
    ///
    /// - Throws: `HTTPServingError`.
    @discardableResult
    public func start() throws(HTTPServingError) -> UInt16 {
        try core.configuration.validate()
        return try state.withLock { state throws(HTTPServingError) in
            guard case .new = state else { throw .alreadyStarted }
            let daemon = try Daemon(core: core)
            state = .running(daemon)
            core.logger.info("listening", metadata: ["host": "\(core.configuration.host)", "port": "\(daemon.port)"])
            return daemon.port
        }
    }

    /// True from the beginning of `stop`.
    public var isDraining: Bool { core.isDraining.load(ordering: .relaxed) }

    /// Connections that are open, also those on which nothing happens.
    public var connectionCount: Int { core.acceptor.openCount }

    /// Requests whose head was received and whose answer is not sent in full.
    public var inFlightCount: Int { core.connections.inFlightCount }

    /// Ends the server's work. From the beginning on every answer ends its connection, and streams without an end of their own end.
    ///
    /// Nobody can connect any more; connections that are made already are accepted. The stop then waits until no connection is left, or none
    /// has asked for anything for `quietSeconds`, but no longer than the grace period: a client that keeps its connection learns from
    /// the answer to its next request that it is closed, and not from a request that gets none. What is suspended then is answered with
    /// 503, every connection is closed, and the threads are joined. A second call returns at once.
    public func stop(gracePeriodSeconds: Double) async {
        let running = state.withLock { state -> Daemon? in
            defer { state = .stopped }
            if case .running(let daemon) = state { return daemon }
            return nil
        }
        guard let daemon = running else { return }
        core.noteActivity()
        core.isDraining.store(true, ordering: .sequentiallyConsistent)
        core.waiting.endStreams()
        core.configuration.onDrain?()
        let end = ContinuousClock.now + .seconds(gracePeriodSeconds)
        daemon.refuseNewConnections()
        _ = await wait(until: end) { !daemon.hasWaitingConnections }
        daemon.quiesce()
        let isQuiet = await wait(until: end) {
            self.connectionCount == 0 || self.inFlightCount == 0 && self.core.isQuiet(forSeconds: Self.quietSeconds)
        }
        if !isQuiet, inFlightCount > 0 { core.logger.warning("requests outlast the grace period", metadata: ["count": "\(inFlightCount)"]) }
        core.stopWaiting()
        if !isQuiet { _ = await wait(until: .now + .seconds(Self.lastAnswersSeconds)) { self.inFlightCount == 0 } }
        // Joining threads may take as long as their handlers; it is done where no task waits for the thread.
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                daemon.stop()
                continuation.resume()
            }
        }
        core.logger.info("stopped")
    }

    /// A client with a request in mind has sent it after so long.
    private static let quietSeconds = 1.0
    /// What the answers that end the grace period get to reach their clients.
    private static let lastAnswersSeconds = 0.5

    /// Whether the condition came to be before the end.
    private func wait(until end: ContinuousClock.Instant, _ condition: () -> Bool) async -> Bool {
        while !condition() {
            guard ContinuousClock.now < end, !Task.isCancelled else { return false }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return true
    }
}
