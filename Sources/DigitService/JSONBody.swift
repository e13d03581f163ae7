import HTTPServing
import JSONText

/// JSON for answers that are not on the hot path.
enum JSONBody {
    static let headers: HTTPHeaders = ["Content-Type": "application/json"]

    /// The value with sorted keys and a newline at the end.
    ///
    /// - Precondition: its numbers are finite; no answer holds one that was not counted, or read from JSON.
    static func bytes(of value: some Encodable) -> [UInt8] {
        guard let line = try? JSONWriter.line(of: value) else { preconditionFailure("a value that JSON cannot hold") }
        return line
    }
}
