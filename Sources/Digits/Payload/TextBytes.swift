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
}
