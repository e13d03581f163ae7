import DigitAPI
import HTTPServing

/// A request that the server has refused.
package struct ServerProblem: Error, Hashable {
    package let status: HTTPStatus
    /// The server's own sentence, or one of this client where it gave none.
    package let detail: String
    /// When another attempt may do better.
    package let retryAfterSeconds: Int?

    /// Reads an answer's problem document (RFC 9457).
    package init(_ head: HTTPResponseParser.Head, body: [UInt8], server: ServerAddress) {
        status = head.status
        retryAfterSeconds = head.headers["Retry-After"].flatMap { Int($0) }
        let isProblem = head.headers["Content-Type"]?.lowercased().hasPrefix("application/problem+json") == true
        if isProblem, let document = try? ServerJSON.decode(ProblemDocument.self, from: body) {
            detail = document.detail ?? document.title
        } else {
            detail = "\(server) answered \(status) \(status.reasonPhrase), and not as a digitd server does"
        }
    }
}
