internal import CMicrohttpd
import Dispatch
import Logging

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A running libmicrohttpd daemon with its listening socket and its watchdog.
///
/// Sendable without being checked: the pointer never changes, `MHD_add_connection` and `MHD_stop_daemon` are made to be called from any
/// thread, and the state of `HTTPServer` lets the second be called once, when the acceptor has ended.
final class Daemon: @unchecked Sendable {
    let port: UInt16
    private let daemon: OpaquePointer
    private let socket: ListeningSocket
    private let core: ServerCore
    private let log: UnsafeMutablePointer<digitd_log>
    private let watchdog: any DispatchSourceTimer
    private let watchdogQueue = DispatchQueue(label: "digitd.http.watchdog")

    /// - Throws: `HTTPServingError.unknownHost`, `HTTPServingError.cannotListen`.
    init(core: ServerCore) throws(HTTPServingError) {
        let configuration = core.configuration
        let socket = try ListeningSocket(host: configuration.host, port: configuration.port)
        let budget = DescriptorBudget(connectionLimit: configuration.connectionLimit)
        Daemon.warn(of: budget, configuration, core.logger)
        core.lingering.allow(budget.lingeringCount)
        // The threads share the connections out evenly, so each must get one.
        let coreCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let threadCount = min(configuration.threadCount ?? coreCount, budget.connectionCount)
        let context = Unmanaged.passUnretained(core).toOpaque()
        log = .allocate(capacity: 1)
        log.initialize(to: digitd_log(write: logMessage, context: context))
        var settings = digitd_daemon_settings(
            thread_count: UInt32(threadCount),
            // The acceptor counts them. Each thread may have them all, and as many that have ended: libmicrohttpd counts a connection for a
            // moment after it has notified its end (`MHD_cleanup_connections`), and closes at once what comes past its own limit.
            connection_limit: UInt32(2 * budget.connectionCount * threadCount), per_address_limit: UInt32(configuration.perAddressLimit),
            inactivity_timeout_seconds: UInt32(configuration.inactivityTimeoutSeconds),
            connection_memory_bytes: HeadLimits.connectionMemoryBytes, context: context, log: log,
            access: handleAccess, completed: handleCompletion, notified: handleConnection,
            request_line: handleRequestLine, unescape: leaveEscaped)
        guard let daemon = digitd_start_daemon(&settings) else {
            socket.close()
            log.deallocate()
            throw .cannotListen(host: configuration.host, port: configuration.port, reason: "libmicrohttpd does not start")
        }
        self.core = core
        self.socket = socket
        self.daemon = daemon
        port = socket.port
        watchdog = DispatchSource.makeTimerSource(queue: watchdogQueue)
        watchdog.schedule(deadline: .now() + core.tickSeconds, repeating: core.tickSeconds)
        watchdog.setEventHandler { core.advance() }
        watchdog.resume()
        let hasStarted = core.acceptor.start(socket, limit: budget.connectionCount, logger: core.logger) { descriptor, address, length in
            MHD_add_connection(self.daemon, descriptor, address, length) == .YES
        }
        guard hasStarted else {
            stop()
            throw .cannotListen(host: configuration.host, port: configuration.port, reason: "no descriptor is left")
        }
    }

    private static func warn(of budget: DescriptorBudget, _ configuration: HTTPServerConfiguration, _ logger: Logger) {
        guard budget.connectionCount < configuration.connectionLimit else { return }
        logger.warning(
            "fewer connections than connectionLimit: the process may not have more descriptors (ulimit -n)",
            metadata: [
                "connections": "\(budget.connectionCount)", "connectionLimit": "\(configuration.connectionLimit)",
                "descriptors": "\(budget.limitCount)",
            ])
    }

    /// Lets the kernel answer nobody any more who wants to connect, while connections that are made already, and wait to be accepted, are
    /// taken in.
    func refuseNewConnections() { digitd_drop_connection_requests(socket.descriptor) }

    /// Whether connections wait to be accepted.
    var hasWaitingConnections: Bool {
        var request = pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0
    }

    /// Accepts no more: clients are refused at once instead of waiting in the backlog.
    func quiesce() {
        core.acceptor.stop()
        shutdown(socket.descriptor, Int32(SHUT_RDWR))
    }

    /// Closes every connection and joins the threads; to be called after `quiesce`, when no exchange can suspend any more.
    func stop() {
        watchdog.cancel()
        // The queue is serial: when this returns, no step of the watchdog runs, and none will.
        watchdogQueue.sync {}
        MHD_stop_daemon(daemon)
        socket.close()
        core.lingering.closeAll()
        log.deallocate()
    }
}
