/// What is told of a request when it is over.
public struct RequestSummary: Sendable {
    public let id: RequestID
    public let method: HTTPMethod
    /// The pattern of the route that answered; nil where no path matched.
    public let route: String?
    /// What was answered; nil where the connection ended without an answer.
    public let status: HTTPStatus?
    /// From the end of the request's head to the end of its answer.
    public let microseconds: Int
    /// Bytes of the request's body that were kept.
    public let requestBodyBytes: Int
    /// Bytes of the answer's body, before any chunked coding.
    public let responseBodyBytes: Int
}

/// Called once for every request that reached the router, on libmicrohttpd's thread: it must not wait.
public typealias RequestObserver = @Sendable (RequestSummary) -> Void
