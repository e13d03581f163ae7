/// A walk through a text of rows: a line a row, fields between white space, or between commas with white space around them.
struct TextRows {
    let hasCommas: Bool
    private(set) var offset: Int
    /// The line that the walk is in, from 1.
    private(set) var line = 1
    private var isBehindComma = false

    /// Starts behind a byte order mark, if the text has one.
    init(_ bytes: borrowing Span<UInt8>, hasCommas: Bool) {
        self.hasCommas = hasCommas
        offset = bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0
    }

    /// Goes to the first field of the next line that is not blank. False at the end of the text.
    mutating func nextRow(_ bytes: borrowing Span<UInt8>) -> Bool {
        while offset < bytes.count, bytes[offset].isWhiteSpace {
            if bytes[offset] == UInt8(ascii: "\n") { line += 1 }
            offset += 1
        }
        isBehindComma = false
        return offset < bytes.count
    }

    /// The next field of the line, empty between two commas; nil at the end of the line.
    mutating func nextField(_ bytes: borrowing Span<UInt8>) -> Range<Int>? {
        skipBlanks(bytes)
        let start = offset
        while offset < bytes.count, !bytes[offset].isWhiteSpace, !(hasCommas && bytes[offset] == UInt8(ascii: ",")) { offset += 1 }
        let field = start..<offset
        guard hasCommas else { return field.isEmpty ? nil : field }
        let wasBehindComma = isBehindComma
        skipBlanks(bytes)
        isBehindComma = offset < bytes.count && bytes[offset] == UInt8(ascii: ",")
        if isBehindComma { offset += 1 }
        return field.isEmpty && !isBehindComma && !wasBehindComma ? nil : field
    }

    /// Passes the rest of the line, and counts its fields.
    mutating func remainingFieldCount(_ bytes: borrowing Span<UInt8>) -> Int {
        var count = 0
        while nextField(bytes) != nil { count += 1 }
        return count
    }

    private mutating func skipBlanks(_ bytes: borrowing Span<UInt8>) {
        while offset < bytes.count, bytes[offset].isWhiteSpace, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
    }
}
