/// What answers the requests of one method and one path pattern.
public struct Route: Sendable {
    public enum Handler: Sendable {
        /// Answers at once, on libmicrohttpd's own thread: for work of microseconds that waits for nothing.
        case immediate(@Sendable (borrowing HTTPRequest) -> HTTPResponse)
        /// Suspends the connection, answers from a task, and resumes it: for whatever waits.
        case deferred(@Sendable (borrowing HTTPRequest) async -> HTTPResponse)
        /// Answers at once where that takes microseconds, and else as a deferred route does: the request tells which. What is done later
        /// holds what it needs of the request, and takes a thread of its own for long computations.
        case deciding(@Sendable (borrowing HTTPRequest) -> Reply)
    }

    /// What a route that decides gives back.
    public enum Reply: Sendable {
        case now(HTTPResponse)
        case later(@Sendable () async -> HTTPResponse)
    }

    public let method: HTTPMethod
    /// Literal segments and `{name}` parameters: `/models/{name}/report`. Also the label in metrics and the access log.
    public let pattern: String
    /// The longest body in bytes; nil for the server's default.
    public let bodyLimitBytes: Int?
    public let handler: Handler

    public init(_ method: HTTPMethod, _ pattern: String, bodyLimitBytes: Int? = nil, handler: Handler) {
        self.method = method
        self.pattern = pattern
        self.bodyLimitBytes = bodyLimitBytes
        self.handler = handler
    }

    public static func immediate(
        _ method: HTTPMethod, _ pattern: String, bodyLimitBytes: Int? = nil,
        _ respond: @escaping @Sendable (borrowing HTTPRequest) -> HTTPResponse
    ) -> Route {
        Route(method, pattern, bodyLimitBytes: bodyLimitBytes, handler: .immediate(respond))
    }

    public static func deferred(
        _ method: HTTPMethod, _ pattern: String, bodyLimitBytes: Int? = nil,
        _ respond: @escaping @Sendable (borrowing HTTPRequest) async -> HTTPResponse
    ) -> Route {
        Route(method, pattern, bodyLimitBytes: bodyLimitBytes, handler: .deferred(respond))
    }

    public static func deciding(
        _ method: HTTPMethod, _ pattern: String, bodyLimitBytes: Int? = nil,
        _ reply: @escaping @Sendable (borrowing HTTPRequest) -> Reply
    ) -> Route {
        Route(method, pattern, bodyLimitBytes: bodyLimitBytes, handler: .deciding(reply))
    }
}
