/// Routes compiled for look-up; immutable once built.
public struct Router: Sendable {
    public let routes: [Route]
    let errorResponder: ErrorResponder

    /// - Throws: `HTTPServingError.malformedPattern`, `HTTPServingError.duplicateRoute`.
    public init(routes: [Route], errorResponder: @escaping ErrorResponder = plainTextErrorResponder) throws(HTTPServingError) {
        self.routes = routes
        self.errorResponder = errorResponder
    }

    /// Answers a request in process, on the same path as the server does.
    public func respond(to request: consuming HTTPRequest) async -> HTTPResponse {
        preconditionFailure("being written")
    }

    /// As `respond(to:)`, without waiting; nil where the route is deferred.
    public func respondImmediately(to request: consuming HTTPRequest) -> HTTPResponse? {
        preconditionFailure("being written")
    }
}
