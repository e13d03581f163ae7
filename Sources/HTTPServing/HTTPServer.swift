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
    public var connectionCount: Int { core.connections.count }

    /// Requests whose head was received and whose answer is not sent in full.
    public var inFlightCount: Int { core.connections.inFlightCount }

    /// Calls `onDrain`, stops accepting, waits until no request is in flight but no longer than the grace period, then answers
    /// what is suspended with 503, ends streams, closes every connection and joins the threads. From the beginning on every answer ends
    /// its connection. A second call returns at once.
    public func stop(gracePeriodSeconds: Double) async {
        let running = state.withLock { state -> Daemon? in
            defer { state = .stopped }
            if case .running(let daemon) = state { return daemon }
            return nil
        }
        guard let daemon = running else { return }
        core.isDraining.store(true, ordering: .relaxed)
        core.configuration.onDrain?()
        daemon.quiesce()
        let isIdle = await waitUntilIdle(seconds: gracePeriodSeconds)
        if !isIdle { core.logger.warning("requests outlast the grace period", metadata: ["count": "\(inFlightCount)"]) }
        core.stopWaiting()
        if !isIdle { _ = await waitUntilIdle(seconds: Self.lastAnswersSeconds) }
        // Joining threads may take as long as their handlers; it is done where no task waits for the thread.
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                daemon.stop()
                continuation.resume()
            }
        }
        core.logger.info("stopped")
    }

    /// What the answers that end the grace period get to reach their clients.
    private static let lastAnswersSeconds = 0.5

    private func waitUntilIdle(seconds: Double) async -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while inFlightCount > 0 {
            guard ContinuousClock.now < end, !Task.isCancelled else { return false }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return true
    }
}
