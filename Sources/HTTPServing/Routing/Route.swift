/// What answers the requests of one method and one path pattern.
public struct Route: Sendable {
    public enum Handler: Sendable {
        /// Answers at once, on libmicrohttpd's own thread: for work of microseconds that waits for nothing.
        case immediate(@Sendable (borrowing HTTPRequest) -> HTTPResponse)
        /// Suspends the connection, answers from a task, and resumes it: for whatever waits.
        case deferred(@Sendable (borrowing HTTPRequest) async -> HTTPResponse)
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
}
