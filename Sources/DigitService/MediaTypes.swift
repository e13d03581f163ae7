import Digits
import HTTPServing

/// The content types that `/predict` reads and writes.
enum MediaTypes {
    /// Types of digits, with the form that each says.
    private static let forms: [(type: StaticString, form: PayloadForm)] = [
        ("text/plain", .text),
        ("application/json", .json),
        ("application/octet-stream", .octets),
        ("image/x-portable-bitmap", .portableBitmap),
    ]
    /// What curl says of data where nobody told it better: the form is seen from the content.
    private static let curlDefault: StaticString = "application/x-www-form-urlencoded"

    static var supported: [String] { forms.map { "\($0.type)" } }

    /// The form of a request's body: what its `Content-Type` says, or what its content looks like.
    static func payloadForm(of request: borrowing HTTPRequest) throws(ServiceError) -> PayloadForm {
        enum Declared {
            case form(PayloadForm)
            case unknown
            case unsupported(String)
        }
        let declared = request.withHeader("Content-Type") { value -> Declared in
            let type = essence(of: value)
            for (name, form) in forms where isEqual(value, type, name) { return .form(form) }
            if type.isEmpty || isEqual(value, type, curlDefault) { return .unknown }
            return .unsupported(String(decoding: type.map { value[$0] }, as: UTF8.self))
        }
        switch declared {
        case .form(let form)?: return form
        case nil, .unknown?: return PayloadForm(sniffing: request.body.span)
        case .unsupported(let found)?: throw .unsupportedMediaType(found: "'\(found)'", supported: supported)
        }
    }

    /// Where in a field's value the type itself stands, without parameters and white space around it.
    private static func essence(of value: borrowing Span<UInt8>) -> Range<Int> {
        var start = 0
        var end = 0
        while end < value.count, value[end] != UInt8(ascii: ";") { end += 1 }
        while start < end, isBlank(value[start]) { start += 1 }
        while end > start, isBlank(value[end - 1]) { end -= 1 }
        return start..<end
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// Whether a part of a value is this name, which is in lower case; the case of the value does not matter.
    private static func isEqual(_ value: borrowing Span<UInt8>, _ range: Range<Int>, _ name: StaticString) -> Bool {
        guard range.count == name.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count {
            let byte = value[range.lowerBound + offset]
            let lower = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
            if lower != name.utf8Start[offset] { return false }
        }
        return true
    }
}
