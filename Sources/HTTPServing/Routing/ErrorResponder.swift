/// A refusal that the transport or the router decided on, before any handler.
public struct HTTPFailure: Sendable, Equatable {
    public let status: HTTPStatus
    /// One sentence for the client.
    public let detail: String
    /// The methods of the path, for 405; the responder need not send them, the transport adds `Allow`.
    public let allow: [HTTPMethod]
    public let requestID: RequestID

    public init(_ status: HTTPStatus, _ detail: String, allow: [HTTPMethod] = [], requestID: RequestID) {
        self.status = status
        self.detail = detail
        self.allow = allow
        self.requestID = requestID
    }
}

/// Makes the body and type of a refusal; its status and `Allow` are the transport's.
public typealias ErrorResponder = @Sendable (HTTPFailure) -> HTTPResponse

/// A refusal in plain text.
public let plainTextErrorResponder: ErrorResponder = { failure in
    .text("\(failure.status.code) \(failure.status.reasonPhrase): \(failure.detail)\n", status: failure.status)
}
