/// Routes compiled for look-up; immutable once built.
///
/// A path matches by its bytes, percent escapes decoded; a trailing slash makes another path. HEAD goes to the route of GET where it
/// has none of its own; OPTIONS is answered 204 with `Allow` where it has none.
public final class Router: Sendable {
    public let routes: [Route]
    private let table: PathTable
    private let errorResponder: ErrorResponder

    /// - Throws: `HTTPServingError.malformedPattern`, `HTTPServingError.duplicateRoute`.
    public init(routes: [Route], errorResponder: @escaping ErrorResponder = plainTextErrorResponder) throws(HTTPServingError) {
        var table = PathTable()
        for (index, route) in routes.enumerated() { try table.add(route, index: index) }
        self.routes = routes
        self.table = table
        self.errorResponder = errorResponder
    }

    /// Answers a request in process, on the same path as the server does. Body limits are the server's and not applied here; the body
    /// of the answer to HEAD is for the transport to leave out, and is here.
    public func respond(to request: consuming HTTPRequest) async -> HTTPResponse {
        var request = request
        request.match = match(for: request)
        if case .route(let index) = request.match.outcome, case .deferred(let respond) = routes[index].handler {
            return await respond(request)
        }
        return immediateResponse(to: request)
    }

    /// As `respond(to:)`, without waiting; nil where the route is deferred.
    public func respondImmediately(to request: consuming HTTPRequest) -> HTTPResponse? {
        var request = request
        request.match = match(for: request)
        if case .route(let index) = request.match.outcome, case .deferred = routes[index].handler { return nil }
        return immediateResponse(to: request)
    }

    private func match(for request: borrowing HTTPRequest) -> RouteMatch {
        switch request.head {
        case .connection(let connection): match(request.method, path: connection.pathBytes.span)
        case .memory(let memory): match(request.method, path: memory.pathBytes.span)
        }
    }

    /// The answer to a matched request whose route, if it has one, is immediate.
    func immediateResponse(to request: borrowing HTTPRequest) -> HTTPResponse {
        switch request.match.outcome {
        case .route(let index):
            switch routes[index].handler {
            case .immediate(let respond): return respond(request)
            case .deferred: preconditionFailure("a deferred route is answered by its own task")
            }
        case .options(let endpoint):
            return HTTPResponse(status: .noContent, headers: ["Allow": list(allow(endpoint))])
        case .methodNotAllowed(let endpoint):
            let methods = allow(endpoint)
            return failure(.methodNotAllowed, "this path answers \(list(methods))", allow: methods, requestID: request.id)
        case .notFound:
            return failure(.notFound, "there is nothing at this path", requestID: request.id)
        case .malformedPath:
            return failure(.badRequest, "the path has a percent escape that is malformed or no text", requestID: request.id)
        }
    }

    /// The refusal as the embedding service words it, with the status, and `Allow` where it belongs.
    func failure(_ status: HTTPStatus, _ detail: String, allow: [HTTPMethod] = [], requestID: RequestID) -> HTTPResponse {
        var response = errorResponder(HTTPFailure(status, detail, allow: allow, requestID: requestID))
        response.status = status
        if !allow.isEmpty, response.headers["Allow"] == nil { response.headers.add("Allow", list(allow)) }
        return response
    }

    /// The pattern whose path a request had; nil where it had none's.
    func pattern(of match: RouteMatch) -> String? {
        switch match.outcome {
        case .route(let index): routes[index].pattern
        case .options(let endpoint): endpoint.map { table.endpoints[$0].pattern }
        case .methodNotAllowed(let endpoint): table.endpoints[endpoint].pattern
        case .notFound, .malformedPath: nil
        }
    }

    private func allow(_ endpoint: Int?) -> [HTTPMethod] {
        endpoint.map { table.endpoints[$0].allow } ?? HTTPMethod.allCases.filter { $0 != .other }
    }

    private func list(_ methods: [HTTPMethod]) -> String {
        methods.map(\.rawValue).joined(separator: ", ")
    }

    /// What answers `method` on `path` (as sent, without query).
    func match(_ method: HTTPMethod, path: Span<UInt8>) -> RouteMatch {
        var hasEscapes = false
        for index in path.indices where path[index] == UInt8(ascii: "%") || path[index] >= 0x80 { hasEscapes = true }
        if hasEscapes, !isText(path) { return RouteMatch(outcome: .malformedPath, parameterNames: [], segments: []) }
        if method == .options, path.count == 1, path[0] == UInt8(ascii: "*") {
            return RouteMatch(outcome: .options(endpoint: nil), parameterNames: [], segments: [])
        }
        var segments: [Range<Int>] = []
        guard let index = table.endpoint(of: path, from: pathStart(path), hasEscapes: hasEscapes, segments: &segments) else { return .none }
        let endpoint = table.endpoints[index]
        let outcome: RouteMatch.Outcome =
            if let route = endpoint[method] {
                .route(route)
            } else if method == .head, let route = endpoint[.get] {
                .route(route)
            } else if method == .options {
                .options(endpoint: index)
            } else {
                .methodNotAllowed(endpoint: index)
            }
        return RouteMatch(outcome: outcome, parameterNames: endpoint.parameterNames, segments: segments)
    }

    /// Where the path begins: after scheme and authority in a target of absolute form, which a server must take (RFC 9112, section 3.2.2).
    private func pathStart(_ target: Span<UInt8>) -> Int {
        guard !target.isEmpty, target[0] != UInt8(ascii: "/") else { return 0 }
        var slashCount = 0
        for index in target.indices where target[index] == UInt8(ascii: "/") {
            slashCount += 1
            if slashCount == 3 { return index }
        }
        return 0
    }

    /// Whether every escape is whole and the decoded path is UTF-8 without NUL.
    private func isText(_ path: Span<UInt8>) -> Bool {
        for index in path.indices where path[index] == UInt8(ascii: "%") {
            guard let byte = escapedByte(path, at: index), byte != 0 else { return false }
        }
        return String(validating: percentDecoded(path), as: UTF8.self) != nil
    }
}
