/// An answer: status, header fields, body. The transport adds `Content-Length` (or the chunked coding), `Date`, `X-Request-Id`
/// and, where the connection ends, `Connection: close`.
///
/// The answer to HEAD is that to GET; the transport sends its head with the length of its body, and no body.
public struct HTTPResponse: Sendable {
    public enum Body: Sendable {
        case empty
        case bytes([UInt8])
        /// Bytes prepared once and sent any number of times without a copy.
        case constant(ConstantBody)
        /// Chunks as they are produced, for as long as the client reads.
        case stream(HTTPBodyStream)
    }

    public var status: HTTPStatus
    public var headers: HTTPHeaders
    public var body: Body

    public init(status: HTTPStatus = .ok, headers: HTTPHeaders = HTTPHeaders(), body: Body = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// `text/plain` in UTF-8.
    public static func text(_ text: String, status: HTTPStatus = .ok) -> HTTPResponse {
        HTTPResponse(status: status, headers: plainTextHeaders, body: .bytes(Array(text.utf8)))
    }

    private static let plainTextHeaders: HTTPHeaders = ["Content-Type": "text/plain; charset=utf-8"]

    /// The length of the body in bytes; nil for a stream that has not said.
    public var contentLength: Int? {
        switch body {
        case .empty: 0
        case .bytes(let bytes): bytes.count
        case .constant(let constant): constant.count
        case .stream(let stream): stream.contentLength
        }
    }

    /// The whole body; a stream is run to its end.
    ///
    /// - Throws: what the producer of a stream throws.
    public func collectBody() async throws -> [UInt8] {
        switch body {
        case .empty: []
        case .bytes(let bytes): bytes
        case .constant(let constant): constant.bytes
        case .stream(let stream): try await stream.collect()
        }
    }
}
