import Logging
import Synchronization
import Threads

/// What the threads of one server share: immutable but for the atomics and the two tables.
final class ServerCore: Sendable {
    let router: Router
    let configuration: HTTPServerConfiguration
    let logger: Logger
    let connections = ConnectionTable()
    let acceptor = Acceptor()
    let waiting = WaitingExchanges()
    let lingering = LingeringConnections()
    /// Where deferred handlers and producers of streams run.
    let handlers: ThreadPool
    /// Time in units of `tickSeconds`, kept by the watchdog, so that a request reads a clock by reading a word.
    let tick = Atomic<UInt64>(1)
    let isDraining = Atomic<Bool>(false)
    /// When the last request was completed while the server drains.
    private let lastActivityTick = Atomic<UInt64>(0)

    /// Nil where requests are taken from wherever they come.
    let sameOriginRule: SameOriginRule?
    let tickSeconds: Double
    /// `timeout=75`: how long a connection may wait for its next request.
    let keepAlive: ContiguousArray<CChar>
    let headDeadlineTicks: UInt64
    let bodyDeadlineTicks: UInt64
    /// For a connection that waits for its next request: libmicrohttpd closes it where nothing comes within the inactivity
    /// timeout, so whatever is open after that and a head's deadline more has been dripping a head.
    let nextHeadDeadlineTicks: UInt64

    init(router: Router, configuration: HTTPServerConfiguration, logger: Logger) {
        self.router = router
        self.configuration = configuration
        self.logger = logger
        handlers = ThreadPool(name: "handlers", threadCount: configuration.handlerThreadCount)
        sameOriginRule = configuration.hostNames.map(SameOriginRule.init)
        let shortest = min(configuration.headDeadlineSeconds, configuration.bodyDeadlineSeconds)
        let tickSeconds = min(max(shortest / 8, 0.01), 0.25)
        func ticks(_ seconds: Double) -> UInt64 { UInt64((seconds / tickSeconds).rounded(.up)) + 1 }
        self.tickSeconds = tickSeconds
        keepAlive = ContiguousArray("timeout=\(configuration.inactivityTimeoutSeconds)".utf8CString)
        headDeadlineTicks = ticks(configuration.headDeadlineSeconds)
        bodyDeadlineTicks = ticks(configuration.bodyDeadlineSeconds)
        nextHeadDeadlineTicks = ticks(Double(configuration.inactivityTimeoutSeconds) + configuration.headDeadlineSeconds)
    }

    /// A request was completed, or the draining began.
    func noteActivity() { lastActivityTick.store(tick.load(ordering: .relaxed), ordering: .relaxed) }

    /// Whether no request was completed for so long.
    func isQuiet(forSeconds seconds: Double) -> Bool {
        let ticks = UInt64((seconds / tickSeconds).rounded(.up)) + 1
        return tick.load(ordering: .relaxed) >= lastActivityTick.load(ordering: .relaxed) + ticks
    }

    func tick(after ticks: UInt64) -> UInt64 { tick.load(ordering: .relaxed) + ticks }

    /// One step of the watchdog.
    func advance() {
        let now = tick.wrappingAdd(1, ordering: .relaxed).newValue
        let closedCount = connections.shutDownOverdue(at: now) { id in
            router.failure(.requestTimeout, slowBodyDetail, requestID: id)
        }
        if closedCount > 0 { logger.debug("closed connections past their deadline", metadata: ["count": "\(closedCount)"]) }
        if now % 4 == 0 { waiting.cancelAbandoned() }
    }

    private var slowBodyDetail: String {
        "in \(configuration.bodyDeadlineSeconds) s fewer than \(bodyWindowBytes) bytes of the body came, and not its end"
    }

    /// Bytes of a body that come in every window of `bodyDeadlineSeconds`, where it does not end before.
    var bodyWindowBytes: Int { Int((Double(configuration.bodyBytesPerSecond) * configuration.bodyDeadlineSeconds).rounded(.up)) }

    /// Lets no exchange suspend a connection any more, and resumes those that are suspended.
    func stopWaiting() {
        waiting.closeAll { stoppingResponse(to: $0) }
    }

    func stoppingResponse(to id: RequestID) -> HTTPResponse {
        router.failure(.serviceUnavailable, "the server is stopping", requestID: id)
    }
}
