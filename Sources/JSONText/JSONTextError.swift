/// Why a text is not the JSON that was expected. Lines and columns count from 1.
public enum JSONTextError: Error, Hashable, Sendable {
    case notJSON(expected: String, found: String, at: TextPosition)
    case wrongJSONType(expected: String, found: String, at: TextPosition)
    /// A field that stands there twice.
    case repeatedField(String)
    /// A number that is not finite, which JSON cannot hold; the reason names its place.
    case unencodable(reason: String)
}

extension JSONTextError: JSONFailure {}

extension JSONTextError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notJSON(let expected, let found, let position): "not JSON: expected \(expected) at \(position), found \(found)"
        case .wrongJSONType(let expected, let found, let position): "expected \(expected) at \(position), found \(found)"
        case .repeatedField(let name): "expected only one field, found \(name) twice"
        case .unencodable(let reason): "cannot be written as JSON: \(reason)"
        }
    }
}
