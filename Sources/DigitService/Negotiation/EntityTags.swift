import Files
import HTTPServing

/// What `If-None-Match` and `If-Match` list: entity tags, or `*` for any (RFC 9110, sections 8.8.3 and 13.1).
struct EntityTags: Sendable {
    private let tags: [Substring]

    init(_ value: String) {
        tags = value.split(separator: ",").map { element in
            element.drop { $0 == " " || $0 == "\t" }.prefix { $0 != " " && $0 != "\t" }
        }
    }

    /// What all fields of that name say together; nil where there is none.
    ///
    /// - Parameter name: in lower case.
    init?(_ request: borrowing HTTPRequest, _ name: StaticString) {
        let value = request.withListHeader(name) { String(decoding: $0.withUnsafeBufferPointer(Array.init), as: UTF8.self) }
        guard let value else { return nil }
        self.init(value)
    }

    /// Whether the tag is among them by the weak comparison, which is the one of `If-None-Match`.
    func contain(_ tag: String) -> Bool {
        tags.contains { $0 == "*" || ($0.hasPrefix("W/") ? $0.dropFirst(2) : $0) == tag }
    }

    /// Whether the tag is among them by the strong comparison, which is the one of `If-Match`.
    func containStrongly(_ tag: String) -> Bool {
        tags.contains { $0 == "*" || $0 == tag }
    }

    /// The tag of an answer that is these bytes.
    static func tag(of bytes: [UInt8]) -> String { "\"\(SHA256.hexadecimal(of: bytes).prefix(32))\"" }
}

extension HTTPResponse {
    /// The bytes of a JSON text with their tag; 304 where the client has them as they are.
    ///
    /// - Parameter tag: nil for one made of the bytes.
    static func json(bytes: [UInt8], tag: String? = nil, answering request: borrowing HTTPRequest) -> HTTPResponse {
        let tag = tag ?? EntityTags.tag(of: bytes)
        let isKnown = EntityTags(request, "if-none-match")?.contain(tag) ?? false
        var response: HTTPResponse = isKnown ? HTTPResponse(status: .notModified) : .json(bytes: bytes)
        response.headers.add("ETag", tag)
        response.headers.add("Cache-Control", "no-cache")
        return response
    }
}
