import Files

/// The checksum inside a model document: SHA-256 of the file's bytes with its own 64 digits read as zeros.
///
/// Keys are sorted, so that `checksum` comes first and its digits stand at a fixed place.
enum DocumentChecksum {
    static let placeholder = String(repeating: "0", count: 64)

    private static let prefix = Array(#"{"checksum":""#.utf8)
    private static let digits = prefix.count..<prefix.count + 64

    enum Verdict: Equatable {
        case right
        case missing
        case wrong(found: String, expected: String)
    }

    /// The document with the placeholder replaced by the checksum.
    static func filledIn(_ document: [UInt8]) -> [UInt8] {
        precondition(document.starts(with: prefix), "sorted keys put the checksum first")
        var filled = document
        filled.replaceSubrange(digits, with: SHA256.hexadecimal(of: document).utf8)
        return filled
    }

    static func verify(_ document: [UInt8]) -> Verdict {
        guard document.count > digits.upperBound, document.starts(with: prefix) else { return .missing }
        let found = document[digits]
        var blank = document
        blank.replaceSubrange(digits, with: placeholder.utf8)
        let expected = SHA256.hexadecimal(of: blank)
        return found.elementsEqual(expected.utf8) ? .right : .wrong(found: String(decoding: found, as: UTF8.self), expected: expected)
    }
}
