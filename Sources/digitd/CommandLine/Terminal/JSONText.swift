#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// JSON for people and programs alike: sorted keys, one value a line.
enum JSONText {
    /// - Throws: `CommandFailure` where a number is not finite.
    static func bytes(of value: some Encodable, pretty: Bool = true) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
        do {
            return [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
        } catch {
            throw CommandFailure("the answer cannot be written as JSON: \(error)", status: .dataError)
        }
    }

    static func string(of value: some Encodable, pretty: Bool = true) throws -> String {
        String(decoding: try bytes(of: value, pretty: pretty), as: UTF8.self)
    }
}
