import HTTPServing

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
        let kind = kind
        let problem = Problem(
            type: "urn:digitd:problem:\(kind.name)", title: kind.title, status: Int(kind.status.code), detail: detail,
            requestId: "\(requestID)")
        var headers = headers
        headers.add("Content-Type", "application/problem+json")
        return HTTPResponse(status: kind.status, headers: headers, body: .bytes(JSONAnswer.bytes(of: problem)))
    }
}
