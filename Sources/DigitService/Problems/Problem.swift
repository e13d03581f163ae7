import DigitAPI
import HTTPServing

extension ServiceError {
    /// The refusal as clients get it: `application/problem+json`, with the request's id.
    func response(requestID: RequestID) -> HTTPResponse {
        let kind = kind
        let problem = ProblemDocument(
            type: "urn:digitd:problem:\(kind.name)", title: kind.title, status: Int(kind.status.code), detail: detail,
            requestId: "\(requestID)")
        var headers = headers
        headers.add("Content-Type", "application/problem+json")
        return HTTPResponse(status: kind.status, headers: headers, body: .bytes(JSONAnswer.bytes(of: problem)))
    }
}
