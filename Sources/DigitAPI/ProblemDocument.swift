/// A refusal as RFC 9457 has it: `application/problem+json`.
///
/// Written with all members; read with whatever there is of them, for what answers may be another server than digitd.
package struct ProblemDocument: Codable, Hashable, Sendable {
    /// The sort of problem: `urn:digitd:problem:unknown-model`. The same for every request that has it.
    package let type: String?
    /// The sort in words.
    package let title: String
    /// The status code of the answer.
    package let status: Int?
    /// What was found and what was expected, in one sentence.
    package let detail: String?
    /// The request's id, as the header field `X-Request-Id` and the server's log have it.
    package let requestId: String?

    package init(type: String, title: String, status: Int, detail: String, requestId: String) {
        self.type = type
        self.title = title
        self.status = status
        self.detail = detail
        self.requestId = requestId
    }
}
