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

    /// The part as text for a message: at most 40 bytes, with U+FFFD for what is not UTF-8 and for what would steer a terminal.
    func excerpt(_ range: Range<Int>) -> String {
        let shown = range.prefix(40)
        var text = String.UnicodeScalarView()
        for scalar in String(decoding: shown.map { self[$0] }, as: UTF8.self).unicodeScalars {
            text.append(scalar.isVisible ? scalar : "\u{FFFD}")
        }
        return String(text) + (shown.count < range.count ? "…" : "")
    }

    /// The character that starts at this offset, for a message: quoted where it can be seen, else its name.
    func characterName(at offset: Int) -> String {
        let byte = self[offset]
        switch byte {
        case UInt8(ascii: " "): return "a space"
        case UInt8(ascii: "\t"): return "a tab"
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return "a line break"
        default:
            // The scalar that these up to four bytes begin with, where they are UTF-8.
            let following = (offset..<Swift.min(offset + 4, count)).map { self[$0] }
            let scalar = String(decoding: following, as: UTF8.self).unicodeScalars.first
            if let scalar, scalar.isVisible, scalar != "\u{FFFD}" { return "'\(Character(scalar))'" }
            let hexadecimal = String(byte, radix: 16, uppercase: true)
            return "the byte 0x" + (hexadecimal.count == 1 ? "0" : "") + hexadecimal
        }
    }
}

extension Unicode.Scalar {
    /// Neither a control character nor one that only changes how its neighbours are shown.
    fileprivate var isVisible: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
