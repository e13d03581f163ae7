import JSONText

/// A walk through a text of rows: a line a row, fields between white space, or between separators with white space around them.
///
/// Where there is a separator, a field may stand between quotes (RFC 4180), which are no part of it.
struct TextRows {
    /// A comma or a semicolon; nil for white space.
    let separator: UInt8?
    private(set) var offset: Int
    /// The line that the walk is in, from 1.
    private(set) var line = 1
    private var isBehindSeparator = false

    /// Starts behind a byte order mark, if the text has one.
    init(_ bytes: borrowing Span<UInt8>, separator: UInt8?) {
        self.separator = separator
        offset = bytes.textStart
    }

    /// Goes to the first field of the next line that is not blank. False at the end of the text.
    mutating func nextRow(_ bytes: borrowing Span<UInt8>) -> Bool {
        while offset < bytes.count, bytes[offset].isWhiteSpace {
            if bytes[offset] == UInt8(ascii: "\n") { line += 1 }
            offset += 1
        }
        isBehindSeparator = false
        return offset < bytes.count
    }

    /// The next field of the line, empty between two separators; nil at the end of the line.
    mutating func nextField(_ bytes: borrowing Span<UInt8>) -> Range<Int>? {
        skipBlanks(bytes)
        let quoted = quotedField(bytes)
        let start = offset
        while quoted == nil, offset < bytes.count, !bytes[offset].isWhiteSpace, bytes[offset] != separator { offset += 1 }
        let field = quoted ?? start..<offset
        guard separator != nil else { return field.isEmpty ? nil : field }
        let wasBehindSeparator = isBehindSeparator
        skipBlanks(bytes)
        isBehindSeparator = offset < bytes.count && bytes[offset] == separator
        if isBehindSeparator { offset += 1 }
        return field.isEmpty && quoted == nil && !isBehindSeparator && !wasBehindSeparator ? nil : field
    }

    /// Passes a field between quotes that the line, or a separator, follows; nil where there is none.
    private mutating func quotedField(_ bytes: borrowing Span<UInt8>) -> Range<Int>? {
        guard separator != nil, offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else { return nil }
        var end = offset + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "\n") { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else { return nil }
        let next = end + 1
        guard next == bytes.count || bytes[next] == separator || bytes[next].isWhiteSpace else { return nil }
        defer { offset = next }
        return offset + 1..<end
    }

    /// The fields up to the end of the line.
    mutating func remainingFields(_ bytes: borrowing Span<UInt8>) -> [Range<Int>] {
        var fields: [Range<Int>] = []
        while let field = nextField(bytes) { fields.append(field) }
        return fields
    }

    private mutating func skipBlanks(_ bytes: borrowing Span<UInt8>) {
        while offset < bytes.count, bytes[offset].isWhiteSpace, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
    }
}
