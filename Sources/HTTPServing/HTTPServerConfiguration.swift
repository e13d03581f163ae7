/// Where and how a server listens. `HTTPServer.start` checks every number.
public struct HTTPServerConfiguration: Sendable {
    /// An IPv4 or IPv6 address, or a name that resolves to one.
    public var host = "127.0.0.1"
    /// 0 for any free port.
    public var port: UInt16 = 8080
    /// Threads that serve connections, 1 to 1,024; nil for one a core.
    public var threadCount: Int?
    /// Threads on which deferred handlers and producers of streams run, 1 to 1,024: what blocks the tasks of the rest of the program does
    /// not hold up their answers.
    public var handlerThreadCount = 2
    /// Connections at once, at least one for each thread.
    public var connectionLimit = 1024
    /// Connections at once from one address; 0 for no limit but `connectionLimit`.
    public var perAddressLimit = 0
    /// A connection on which nothing moves for so long is closed; at least 1.
    public var inactivityTimeoutSeconds = 30
    /// From the first moment of a connection to the end of its first request's head.
    public var headDeadlineSeconds = 10.0
    /// A body has to be there after so long, from the end of the request's head, or to have made progress (`bodyBytesPerSecond`): then it has as
    /// long again.
    public var bodyDeadlineSeconds = 30.0
    /// What a body that takes longer must bring in every `bodyDeadlineSeconds`, on average; 0 or more. A slower one is answered with 408.
    public var bodyBytesPerSecond = 1_000
    /// The longest body where the route sets no limit of its own.
    public var bodyLimitBytes = 1 << 20
    /// Of a chunked body past its limit so many bytes more are read before the 413, so that the connection can be kept; past that it is
    /// answered at once and closed.
    public var discardBoundBytes = 8 << 20
    /// Names under which clients reach the server, in lower case, besides localhost and addresses. Where they are given, requests
    /// other than GET and HEAD that come from web pages of other origins, or to other names, are refused with 403; nil to take them all.
    public var hostNames: Set<String>?
    /// Called when `stop` begins, before anything else: the place to take readiness off.
    public var onDrain: (@Sendable () -> Void)?
    /// Called at the end of every request; nil costs nothing.
    public var observer: RequestObserver?

    public init() {}

    /// - Throws: `HTTPServingError.invalidConfiguration` for the first number out of its range.
    func validate() throws(HTTPServingError) {
        func check<Value: Comparable>(_ name: String, _ value: Value, _ range: ClosedRange<Value>) throws(HTTPServingError) {
            guard range.contains(value) else {
                throw .invalidConfiguration(
                    name: name, found: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)")
            }
        }
        if let threadCount { try check("threadCount", threadCount, 1...1024) }
        try check("handlerThreadCount", handlerThreadCount, 1...1024)
        try check("connectionLimit", connectionLimit, max(1, threadCount ?? 1)...1_000_000)
        try check("perAddressLimit", perAddressLimit, 0...1_000_000)
        try check("inactivityTimeoutSeconds", inactivityTimeoutSeconds, 1...86_400)
        try check("headDeadlineSeconds", headDeadlineSeconds, 0.01...86_400)
        try check("bodyDeadlineSeconds", bodyDeadlineSeconds, 0.01...86_400)
        try check("bodyBytesPerSecond", bodyBytesPerSecond, 0...(1 << 40))
        try check("bodyLimitBytes", bodyLimitBytes, 0...(1 << 40))
        try check("discardBoundBytes", discardBoundBytes, 0...(1 << 40))
    }
}
