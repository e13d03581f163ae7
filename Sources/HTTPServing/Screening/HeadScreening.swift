internal import CMicrohttpd

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// What the header fields say of the message's framing, and why a request is refused for it.
///
/// Where two programs on the way of a message see its end in different places, a second request can be hidden in the first (request
/// smuggling, RFC 9112 section 11.2). libmicrohttpd 0.9.75 takes the first of several Content-Lengths, prefers Transfer-Encoding to
/// Content-Length, lets through white space before the colon and mistakes folded lines; so this refuses whatever can be read in two
/// ways. Left to libmicrohttpd, because it refuses it itself: a Content-Length that is no number.
struct HeadScreening {
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    /// Whether the body has a coding that is undone before it is handled.
    private(set) var isCompressed = false
    private(set) var expectsContinue = false
    private(set) var refusal: Refusal?

    struct Refusal {
        let status: HTTPStatus
        let detail: String
    }

    fileprivate let checksLayout = mistakesFoldedLines
    private var contentLengthCount = 0
    private var transferEncodingCount = 0
    private var hostCount = 0
    // They lead into the connection's memory, as the fields themselves do, and are good as long as the request.
    private var host: UnsafeBufferPointer<UInt8>?
    private var origin: UnsafeBufferPointer<UInt8>?
    private var fetchSite: UnsafeBufferPointer<UInt8>?
    private var contentType: UnsafeBufferPointer<UInt8>?

    /// - Parameter version: the protocol of the request line, such as `HTTP/1.1`.
    init(_ connection: OpaquePointer, version: Span<UInt8>) {
        withUnsafeMutablePointer(to: &self) { screening in
            _ = MHD_get_connection_values_n(connection, .HEADER_KIND, noteField, screening)
        }
        if contentLengthCount > 1 {
            refuse(.badRequest, "more than one Content-Length")
        } else if transferEncodingCount > 0, contentLengthCount > 0 {
            refuse(.badRequest, "both Content-Length and Transfer-Encoding")
        } else if transferEncodingCount > 1 {
            refuse(.badRequest, "more than one Transfer-Encoding")
        } else if hostCount > 1 {
            refuse(.badRequest, "more than one Host")
        } else if hostCount == 0, !version.spells("http/1.0") {
            refuse(.badRequest, "no Host")
        } else if transferEncodingCount > 0 {
            if !isChunked {
                refuse(.notImplemented, "a Transfer-Encoding other than chunked")
            } else if !version.spells("http/1.1") {
                refuse(.badRequest, "a Transfer-Encoding before HTTP/1.1")
            }
        }
    }

    var hasBody: Bool { isChunked || (contentLength ?? 0) > 0 }

    private mutating func refuse(_ status: HTTPStatus, _ detail: String) {
        if refusal == nil { refusal = Refusal(status: status, detail: detail) }
    }

    /// Refuses a target that is no URI (RFC 3986, section 2), and one, or a head, that is too long.
    mutating func screen(path: Span<UInt8>, query: Span<UInt8>, headByteCount: Int) {
        let targetByteCount = path.count + (query.isEmpty ? 0 : query.count + 1)
        if targetByteCount > HeadLimits.targetBytes {
            refuse(.uriTooLong, "a target of \(targetByteCount) bytes; the limit is \(HeadLimits.targetBytes)")
        } else if headByteCount > HeadLimits.headBytes {
            refuse(.requestHeaderFieldsTooLarge, "a head of \(headByteCount) bytes; the limit is \(HeadLimits.headBytes)")
        } else if path.hasBlankOrControl || query.hasBlankOrControl {
            refuse(.badRequest, "white space or a control character in its target")
        }
    }

    /// Refuses what is sent to a foreign host, and what a page of another origin sends that may change something.
    mutating func apply(_ rule: SameOriginRule, mayChange: Bool) {
        let detail = rule.refusal(host: host?.span, origin: origin?.span, fetchSite: fetchSite?.span, mayChange: mayChange)
        if let detail { refuse(.forbidden, detail) }
    }

    fileprivate mutating func note(name: Span<UInt8>, valueBytes received: UnsafeBufferPointer<UInt8>) {
        // A NUL ends the value before it gets here: libmicrohttpd takes fields for C strings (`process_header_line`).
        if let start = received.baseAddress, memchr(start, 13, received.count) != nil {
            refuse(.badRequest, "a bare CR in a header field")
        }
        let valueBytes = received.withoutTrailingBlanks
        let value = valueBytes.span
        for index in name.indices where name[index] <= UInt8(ascii: " ") || name[index] == 0x7f {
            refuse(.badRequest, "white space or a control character in the name of a header field")
        }
        switch name.count {
        case 4 where name.spells("host"):
            hostCount += 1
            host = valueBytes
        case 6 where name.spells("origin"):
            origin = valueBytes
        case 6 where name.spells("expect"):
            expectsContinue = value.spells("100-continue")
        case 14 where name.spells("sec-fetch-site"):
            fetchSite = valueBytes
        case 12 where name.spells("content-type"):
            if let contentType, !contentType.elementsEqual(valueBytes) { refuse(.badRequest, "two different Content-Types") }
            contentType = valueBytes
        case 14 where name.spells("content-length"):
            contentLengthCount += 1
            var length = 0
            for index in value.indices {
                let (product, overflow) = length.multipliedReportingOverflow(by: 10)
                let (sum, overflowOfSum) = product.addingReportingOverflow(Int(value[index] &- UInt8(ascii: "0")))
                length = overflow || overflowOfSum ? .max : sum
                if length == .max { break }
            }
            contentLength = length
        case 16 where name.spells("content-encoding"):
            if let isCompressed = ContentCoding.isCompressed(value) {
                self.isCompressed = isCompressed
            } else {
                refuse(.unsupportedMediaType, "a Content-Encoding other than \(ContentCoding.names)")
            }
        case 17 where name.spells("transfer-encoding"):
            transferEncodingCount += 1
            isChunked = value.spells("chunked")
        default:
            break
        }
    }

    /// libmicrohttpd 0.9.75 appends the continuation of a folded line to the name of its field, in a new place
    /// (`process_broken_line`), so that `Transfer-Encoding:\r\n chunked` is no Transfer-Encoding to it. An unfolded field
    /// lies as it was received: name, colon, white space, value.
    fileprivate mutating func noteLayout(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
        guard let nameStart = name.baseAddress, let valueStart = value.baseAddress else { return }
        let gap = valueStart - (nameStart + name.count)
        guard (1...64).contains(gap) else { return refuse(.badRequest, "a folded header field, or one with much white space") }
        for offset in 1..<gap where nameStart[name.count + offset] != UInt8(ascii: " ") && nameStart[name.count + offset] != 0x09 {
            refuse(.badRequest, "a folded header field")
        }
    }

    /// Whether this libmicrohttpd mistakes folded lines; releases after the one that was read may lay fields out in another way.
    private static let mistakesFoldedLines: Bool = {
        let version = MHD_get_version().map { String(cString: $0) } ?? ""
        let numbers = version.split(separator: ".").compactMap { Int($0) }
        return numbers.lexicographicallyPrecedes([0, 9, 76])
    }()
}

private func noteField(
    _ context: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?, _ nameCount: Int,
    _ value: UnsafePointer<CChar>?, _ valueCount: Int
) -> MHD_Result {
    guard let context, let name else { return .NO }
    let screening = context.assumingMemoryBound(to: HeadScreening.self)
    let nameBytes = UnsafeBufferPointer(start: UnsafeRawPointer(name).assumingMemoryBound(to: UInt8.self), count: nameCount)
    let valueBytes = UnsafeBufferPointer(
        start: UnsafeRawPointer(value)?.assumingMemoryBound(to: UInt8.self), count: value == nil ? 0 : valueCount)
    screening.pointee.note(name: nameBytes.span, valueBytes: valueBytes)
    if screening.pointee.checksLayout { screening.pointee.noteLayout(name: nameBytes, value: valueBytes) }
    return .YES
}

extension UnsafeBufferPointer<UInt8> {
    /// White space behind a value is no part of it (RFC 9112, section 5); libmicrohttpd leaves it there.
    var withoutTrailingBlanks: UnsafeBufferPointer<UInt8> {
        var count = count
        while count > 0, self[count - 1] == UInt8(ascii: " ") || self[count - 1] == 0x09 { count -= 1 }
        return UnsafeBufferPointer(start: baseAddress, count: count)
    }
}

extension Span<UInt8> {
    /// Whether there is a character that no URI has.
    fileprivate var hasBlankOrControl: Bool {
        for index in indices where self[index] <= 0x20 || self[index] == 0x7F { return true }
        return false
    }
}
