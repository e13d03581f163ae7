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
/// Sendable without being checked: the pointer never changes, `MHD_quiesce_daemon` and `MHD_stop_daemon` are made to be called from any
/// thread, and the state of `HTTPServer` lets each be called once, in that order.
final class Daemon: @unchecked Sendable {
    let port: UInt16
    private let daemon: OpaquePointer
    private let socket: ListeningSocket
    private let core: ServerCore
    private let log: UnsafeMutablePointer<digitd_log>
    private let watchdog: any DispatchSourceTimer
    private let watchdogQueue = DispatchQueue(label: "digitd.http.watchdog")

    /// What a connection keeps its request's head and its pieces of body in. libmicrohttpd clears all of it after every request: its own
    /// 32 KiB would push much of what a prediction reads out of a core's nearest cache. A head may still have some ten thousand bytes.
    private static let connectionMemoryBytes = 12 << 10

    /// - Throws: `HTTPServingError.unknownHost`, `HTTPServingError.cannotListen`.
    init(core: ServerCore) throws(HTTPServingError) {
        let configuration = core.configuration
        let socket = try ListeningSocket(host: configuration.host, port: configuration.port)
        let budget = DescriptorBudget(connectionLimit: configuration.connectionLimit)
        Daemon.log(budget, configuration, core.logger)
        core.lingering.allow(budget.lingeringCount)
        // The threads share the connections out evenly, so each must get one.
        let coreCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let threadCount = min(configuration.threadCount ?? coreCount, budget.connectionCount)
        let context = Unmanaged.passUnretained(core).toOpaque()
        log = .allocate(capacity: 1)
        log.initialize(to: digitd_log(write: logMessage, context: context))
        var settings = digitd_daemon_settings(
            listening_socket: socket.descriptor, is_ipv6: socket.isIPv6 ? 1 : 0,
            thread_count: UInt32(threadCount),
            connection_limit: UInt32(budget.connectionCount), per_address_limit: UInt32(configuration.perAddressLimit),
            inactivity_timeout_seconds: UInt32(configuration.inactivityTimeoutSeconds),
            connection_memory_bytes: Daemon.connectionMemoryBytes, context: context, log: log,
            access: handleAccess, completed: handleCompletion, notified: handleConnection, unescape: leaveEscaped)
        guard let daemon = digitd_start_daemon(&settings) else {
            close(socket.descriptor)
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
    }

    private static func log(_ budget: DescriptorBudget, _ configuration: HTTPServerConfiguration, _ logger: Logger) {
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

    /// Accepts no more: clients are refused at once instead of waiting in the backlog. The descriptor stays open until `stop`, because
    /// libmicrohttpd's threads may still hold its number.
    func quiesce() {
        MHD_quiesce_daemon(daemon)
        shutdown(socket.descriptor, Int32(SHUT_RDWR))
    }

    /// Closes every connection and joins the threads; to be called after `quiesce`, when no exchange can suspend any more.
    func stop() {
        watchdog.cancel()
        // The queue is serial: when this returns, no step of the watchdog runs, and none will.
        watchdogQueue.sync {}
        MHD_stop_daemon(daemon)
        // After a quiesce the listening socket is the caller's to close.
        close(socket.descriptor)
        core.lingering.closeAll()
        log.deallocate()
    }
}
