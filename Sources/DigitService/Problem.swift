import HTTPServing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A refusal as clients get it: `application/problem+json`, RFC 9457, with the request's id.
private struct Problem: Encodable {
    let type: String
    let title: String
    let status: Int
    let detail: String
    let requestId: String
}

extension ServiceError {
    /// The problem as an answer.
    func response(requestID: RequestID) -> HTTPResponse {
        let problem = Problem(
            type: "urn:digitd:problem:\(kind)", title: title, status: Int(status.code), detail: detail, requestId: "\(requestID)")
        var headers = headers
        headers.add("Content-Type", "application/problem+json")
        return HTTPResponse(status: status, headers: headers, body: .bytes(JSONBody.bytes(of: problem)))
    }
}

/// JSON for answers that are not on the hot path.
enum JSONBody {
    static let contentType: HTTPHeaders = ["Content-Type": "application/json"]

    /// The value with sorted keys and a newline at the end.
    static func bytes(of value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Only a number that is not finite cannot be written, and no answer holds one that was not read from JSON or counted.
        guard let data = try? encoder.encode(value) else { preconditionFailure("a value that JSON cannot hold") }
        return [UInt8](data) + [UInt8(ascii: "\n")]
    }
}
