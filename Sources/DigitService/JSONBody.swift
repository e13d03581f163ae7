import HTTPServing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// JSON for answers that are not on the hot path.
enum JSONBody {
    static let headers: HTTPHeaders = ["Content-Type": "application/json"]

    /// The value with sorted keys and a newline at the end.
    ///
    /// - Precondition: its numbers are finite; no answer holds one that was not counted, or read from JSON.
    static func bytes(of value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { preconditionFailure("a value that JSON cannot hold") }
        return [UInt8](data) + [UInt8(ascii: "\n")]
    }
}
