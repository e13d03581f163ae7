import HTTPServing
import Logging

/// Makes routes of handlers that throw. What a handler throws is caught here and nowhere else, and becomes the problem that the client gets;
/// where something is wrong with the server, the log says what. A route names the query items that it reads; any other is refused.
struct ProblemAdapter: Sendable {
    let logger: Logger

    func immediate(
        _ method: HTTPMethod, _ pattern: String, query: [String] = [],
        _ respond: @escaping @Sendable (borrowing HTTPRequest) throws -> HTTPResponse
    ) -> Route {
        .immediate(method, pattern) { request in
            do {
                try request.requireQueryItems(among: query)
                return try respond(request)
            } catch {
                return problem(error, requestID: request.id)
            }
        }
    }

    func deferred(
        _ method: HTTPMethod, _ pattern: String, query: [String] = [], bodyLimitBytes: Int? = nil,
        _ respond: @escaping @Sendable (borrowing HTTPRequest) async throws -> HTTPResponse
    ) -> Route {
        .deferred(method, pattern, bodyLimitBytes: bodyLimitBytes) { request in
            do {
                try request.requireQueryItems(among: query)
                return try await respond(request)
            } catch {
                return problem(error, requestID: request.id)
            }
        }
    }

    func deciding(
        _ method: HTTPMethod, _ pattern: String, query: [String] = [],
        _ reply: @escaping @Sendable (borrowing HTTPRequest) throws -> ThrowingReply
    ) -> Route {
        .deciding(method, pattern) { request in
            let requestID = request.id
            do {
                try request.requireQueryItems(among: query)
                switch try reply(request) {
                case .now(let response): return .now(response)
                case .later(let respond):
                    return .later {
                        do {
                            return try await respond()
                        } catch {
                            return problem(error, requestID: requestID)
                        }
                    }
                }
            } catch {
                return .now(problem(error, requestID: requestID))
            }
        }
    }

    /// As `Route.Reply`, of which what is done later may throw.
    enum ThrowingReply: Sendable {
        case now(HTTPResponse)
        case later(@Sendable () async throws -> HTTPResponse)
    }

    private func problem(_ error: any Error, requestID: RequestID) -> HTTPResponse {
        let problem = ServiceError(error)
        if problem.isServerFault {
            logger.error("experiments failed", metadata: ["request": "\(requestID)", "reason": "\(error)"])
        }
        return problem.response(requestID: requestID)
    }
}
