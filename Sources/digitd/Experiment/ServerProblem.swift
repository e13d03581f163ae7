import ArgumentParser
import HTTPServing

/// A request that the server has refused.
struct ServerProblem: Error, Hashable {
    let status: HTTPStatus
    /// The server's own sentence, or ours where it gave none.
    let detail: String
    /// When another attempt may do better.
    let retryAfterSeconds: Int?

    private struct Document: Decodable {
        let title: String
        let detail: String?
    }

    /// Reads an answer's problem document (RFC 9457).
    init(_ head: HTTPResponseParser.Head, body: [UInt8], server: ServerAddress) {
        status = head.status
        retryAfterSeconds = head.headers["Retry-After"].flatMap { Int($0) }
        let isProblem = head.headers["Content-Type"]?.lowercased().hasPrefix("application/problem+json") == true
        if isProblem, let document = try? ServerJSON.decode(Document.self, from: body) {
            detail = (document.detail ?? document.title).printable
        } else {
            detail = "\(server) answered \(status) \(status.reasonPhrase), and not as a digitd server does"
        }
    }

    var failure: CommandFailure {
        let retry = retryAfterSeconds.map { "; try again in \($0) s" } ?? ""
        return CommandFailure(detail + retry, status: exitCode)
    }

    private var exitCode: ExitCode {
        switch status.code {
        case 401, 403: .noPermission
        case 404, 410: .noInput
        case 429: .temporaryFailure
        case 400..<500: .dataError
        default: .unavailable
        }
    }
}
