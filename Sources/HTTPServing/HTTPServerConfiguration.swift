/// Where and how a server listens. `HTTPServer.start` checks every number.
public struct HTTPServerConfiguration: Sendable {
    /// An IPv4 or IPv6 address, or a name that resolves to one.
    public var host = "127.0.0.1"
    /// 0 for any free port.
    public var port: UInt16 = 8080
    /// Threads that serve connections, 1 to 1,024; nil for one a core.
    public var threadCount: Int?
    /// Connections at once, at least one for each thread.
    public var connectionLimit = 1024
    /// Connections at once from one address; 0 for no limit but `connectionLimit`.
    public var perAddressLimit = 0
    /// A connection on which nothing moves for so long is closed; at least 1.
    public var inactivityTimeoutSeconds = 30
    /// From the first moment of a connection to the end of its first request's head.
    public var headDeadlineSeconds = 10.0
    /// From the end of a request's head to the end of its body.
    public var bodyDeadlineSeconds = 30.0
    /// The longest body where the route sets no limit of its own.
    public var bodyLimitBytes = 1 << 20
    /// A chunked body past its limit is read and thrown away up to this many bytes in all, so that the client gets to see its 413;
    /// past that the connection is closed.
    public var discardBoundBytes = 8 << 20
    /// Called when `stop` begins, before anything else: the place to take readiness off.
    public var onDrain: (@Sendable () -> Void)?
    /// Called at the end of every request; nil costs nothing.
    public var observer: RequestObserver?

    public init() {}
}
