import Digits

/// A JSON text as a tree, each field once: the form in which a request is looked at before it becomes one.
///
/// Not by way of `Decodable`, which passes over unknown fields, takes the last of two fields of one name, and cannot say in which line.
indirect enum JSONValue: Equatable {
    case null
    case bool(Bool)
    /// As it is spelled, so that whole numbers of 64 bits stay exact.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// - Throws: `DigitsError.notJSON` with line and column, `.conflictingFields` for a field that stands there twice.
    init(_ bytes: borrowing Span<UInt8>) throws(DigitsError) {
        var cursor = JSONCursor()
        self = try JSONValue.read(bytes, at: &cursor, depth: 0)
        try cursor.finish(bytes)
    }

    private static func read(_ bytes: borrowing Span<UInt8>, at cursor: inout JSONCursor, depth: Int) throws(DigitsError) -> JSONValue {
        let kind = try cursor.kind(bytes)
        // Passing over a value that is too deep says where it is; nothing is built of it.
        guard depth < JSONCursor.depthLimit else {
            try cursor.skipValue(bytes, depth: depth)
            return .null
        }
        var isFirst = true
        switch kind {
        case .object:
            cursor.enter()
            var fields: [String: JSONValue] = [:]
            while let name = try cursor.nextKey(bytes, isFirst: &isFirst) {
                guard fields[name] == nil else { throw .conflictingFields([name]) }
                fields[name] = try read(bytes, at: &cursor, depth: depth + 1)
            }
            return .object(fields)
        case .array:
            cursor.enter()
            var elements: [JSONValue] = []
            while try cursor.nextElement(bytes, isFirst: &isFirst) {
                elements.append(try read(bytes, at: &cursor, depth: depth + 1))
            }
            return .array(elements)
        case .string: return .string(String(decoding: try cursor.string(bytes), as: UTF8.self))
        case .number:
            let range = try cursor.number(bytes)
            return .number(String(decoding: range.map { bytes[$0] }, as: UTF8.self))
        case .boolean:
            let value = bytes[cursor.offset] == UInt8(ascii: "t")
            try cursor.skipValue(bytes, depth: depth)
            return .bool(value)
        case .null:
            try cursor.skipValue(bytes, depth: depth)
            return .null
        }
    }
}

extension JSONValue: CustomStringConvertible {
    /// What an error says was found: the value where it is short, else its kind.
    var description: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let spelling): spelling.count <= 40 ? spelling : "a number of \(spelling.count) characters"
        case .string(let text): text.count <= 40 ? "'\(text)'" : "a text of \(text.count) characters"
        case .array(let elements): "a list of \(elements.count)"
        case .object: "an object"
        }
    }
}
