#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Writes JSON (RFC 8259) in one way: keys sorted, numbers within them by their size, slashes as they are, so that equal values have equal
/// bytes.
public enum JSONWriter {
    /// The layout of a text.
    public enum Layout: Sendable {
        /// Without white space: for programs.
        case compact
        /// A value a line, indented: for people.
        case indented
    }

    /// A value's text, without a line break behind it.
    ///
    /// - Throws: `JSONTextError.unencodable` where a number is not finite.
    public static func text(of value: some Encodable, _ layout: Layout = .compact) throws(JSONTextError) -> String {
        String(decoding: try encoded(value, layout), as: UTF8.self)
    }

    /// A value's text as bytes, with a line break behind it.
    ///
    /// - Throws: `JSONTextError.unencodable` where a number is not finite.
    public static func line(of value: some Encodable, _ layout: Layout = .compact) throws(JSONTextError) -> [UInt8] {
        try encoded(value, layout) + [UInt8(ascii: "\n")]
    }

    private static func encoded(_ value: some Encodable, _ layout: Layout) throws(JSONTextError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if layout == .indented { encoder.outputFormatting.insert(.prettyPrinted) }
        do {
            return KeyOrder.sorted([UInt8](try encoder.encode(value)))
        } catch {
            throw .unencodable(reason: reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard case .invalidValue(let value, let context)? = error as? EncodingError else { return "\(error)" }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return path.isEmpty ? "\(value)" : "\(path) is \(value)"
    }

    /// Text as a JSON string, with its quotation marks: section 7. Control characters are escaped, also DEL and those of ISO 6429 above
    /// ASCII, which terminals obey.
    public static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\0"..<" ", "\u{7F}"..."\u{9F}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
