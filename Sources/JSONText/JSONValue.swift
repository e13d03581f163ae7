/// A JSON text as a tree, each field once.
///
/// Requests are read as one before they become what they ask for: `Decodable` passes over unknown fields, takes the last of two fields of
/// one name, and cannot say in which line something stands. As a `Codable` value it hands on what another program has sent, with fields that
/// this digitd does not know.
public indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// As it is spelled, so that whole numbers of 64 bits stay exact.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// - Throws: `JSONTextError.notJSON` with line and column, `.repeatedField` for a field that stands there twice.
    public init(_ bytes: borrowing Span<UInt8>) throws(JSONTextError) {
        var cursor = JSONCursor<JSONTextError>()
        self = try JSONValue.read(bytes, at: &cursor, depth: 0)
        try cursor.finish(bytes)
    }

    private static func read(_ bytes: borrowing Span<UInt8>, at cursor: inout JSONCursor<JSONTextError>, depth: Int) throws(JSONTextError)
        -> JSONValue
    {
        let kind = try cursor.kind(bytes)
        // Passing over a value that is too deep says where it is; nothing is built of it.
        guard depth < JSONKind.depthLimit else {
            try cursor.skipValue(bytes, depth: depth)
            return .null
        }
        var isFirst = true
        switch kind {
        case .object:
            cursor.enter()
            var fields: [String: JSONValue] = [:]
            while let name = try cursor.nextKey(bytes, isFirst: &isFirst) {
                guard fields[name] == nil else { throw .repeatedField(name) }
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

extension JSONValue: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .number("\(value)")
        } else if let value = try? container.decode(UInt64.self) {
            // Past `Int`: seeds are 64 bits without a sign.
            self = .number("\(value)")
        } else if let value = try? container.decode(Double.self) {
            self = .number("\(value)")
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .number(let spelling):
            if let integer = Int(spelling) {
                try container.encode(integer)
            } else if let integer = UInt64(spelling) {
                try container.encode(integer)
            } else {
                // A spelling is a JSON number's, which is a `Double`'s too.
                try container.encode(Double(spelling) ?? .nan)
            }
        case .string(let text): try container.encode(text)
        case .array(let elements): try container.encode(elements)
        case .object(let fields): try container.encode(fields)
        }
    }
}

extension JSONValue: CustomStringConvertible {
    /// What an error says was found: the value where it is short, else its kind.
    public var description: String {
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
