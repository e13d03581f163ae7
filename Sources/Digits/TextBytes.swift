extension UInt8 {
    /// Space, tab, line feed, vertical tab, form feed, carriage return: the white space of C and of portable bitmaps.
    var isWhiteSpace: Bool {
        self == 0x20 || (self >= 0x09 && self <= 0x0D)
    }

    /// A byte that no text in ASCII holds: control characters but white space, and all from 0x7F up.
    var isOutsideASCIIText: Bool {
        self >= 0x7F || (self < 0x20 && !isWhiteSpace)
    }
}

extension Span<UInt8> {
    /// What stands between the white space at the front and at the back.
    var rangeWithoutSurroundingWhiteSpace: Range<Int> {
        var start = 0
        var end = count
        while start < end, self[start].isWhiteSpace { start += 1 }
        while end > start, self[end - 1].isWhiteSpace { end -= 1 }
        return start..<end
    }

    /// The first `'\n'` or carriage return from here on, or the end.
    func endOfLine(from start: Int) -> Int {
        var end = start
        while end < count, self[end] != UInt8(ascii: "\n"), self[end] != UInt8(ascii: "\r") { end += 1 }
        return end
    }

    /// The part as text for a message: at most 40 bytes, what is not UTF-8 replaced.
    func excerpt(_ range: Range<Int>) -> String {
        let shown = range.prefix(40)
        let text = String(decoding: shown.map { self[$0] }, as: UTF8.self)
        return shown.count < range.count ? text + "…" : text
    }

    /// The character that starts at this offset, for a message: quoted where it can be seen, else its name.
    func characterName(at offset: Int) -> String {
        let byte = self[offset]
        switch byte {
        case UInt8(ascii: " "): return "a space"
        case UInt8(ascii: "\t"): return "a tab"
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return "a line break"
        case 0x21..<0x7F: return "'\(Character(Unicode.Scalar(byte)))'"
        default:
            // The scalar that these up to four bytes begin with, where they are UTF-8 and not a control character.
            let following = (offset..<Swift.min(offset + 4, count)).map { self[$0] }
            if byte >= 0x80, let scalar = String(decoding: following, as: UTF8.self).unicodeScalars.first, scalar != "\u{FFFD}", scalar.value >= 0xA0 {
                return "'\(Character(scalar))'"
            }
            let hexadecimal = String(byte, radix: 16, uppercase: true)
            return "the byte 0x" + (hexadecimal.count == 1 ? "0" : "") + hexadecimal
        }
    }
}
