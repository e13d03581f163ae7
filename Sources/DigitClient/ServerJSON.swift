#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// JSON that a server has sent.
package enum ServerJSON {
    /// - Throws: `HTTPClientError.malformedAnswer` that says where it is not what was expected.
    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws(HTTPClientError) -> Value {
        try decoded { try JSONDecoder().decode(type, from: Data(bytes)) }
    }

    /// What `decode` gives.
    ///
    /// - Throws: as `decode(_:from:)`.
    package static func decoded<Value>(_ decode: () throws -> Value) throws(HTTPClientError) -> Value {
        do {
            return try decode()
        } catch let error as DecodingError {
            throw .malformedAnswer(reason(of: error))
        } catch {
            throw .malformedAnswer("\(error)")
        }
    }

    private static func reason(of error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "the field '\(path(context.codingPath + [key]))' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "it is not the JSON that was expected" : "the field '\(path(context.codingPath))' is not what was expected"
        @unknown default: "\(error)"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce("") { path, key in
            if let index = key.intValue { return path + "[\(index)]" }
            return path.isEmpty ? key.stringValue : path + "." + key.stringValue
        }
    }
}
