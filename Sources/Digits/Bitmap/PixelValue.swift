import JSONText

/// A pixel written as a number: anything that equals 0 or 1, such as `0`, `1.0000`, or `1.0e+00`.
enum PixelValue {
    /// The number in this part of a text.
    ///
    /// - Throws: `DigitsError.notAPixel` for a number that is neither and for what is no number.
    static func read(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) throws(DigitsError) -> Bool {
        if let plain = plainValue(bytes, range) { return plain }
        switch number(bytes, range) {
        case 0: return false
        case 1: return true
        default: throw .notAPixel(value: bytes.excerpt(range), at: TextPosition(offset: range.lowerBound, in: bytes))
        }
    }

    /// The number in this part of a text, however many characters it takes; nil where there is none.
    static func number(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Double? {
        Double(String(decoding: range.map { bytes[$0] }, as: UTF8.self))
    }

    /// `0` or `1`, alone or with a point and zeros behind it: all that Semeion holds, without a detour over `Double`.
    private static func plainValue(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool? {
        guard let first = range.first, bytes[first] == UInt8(ascii: "0") || bytes[first] == UInt8(ascii: "1") else { return nil }
        if range.count > 1 {
            guard bytes[first + 1] == UInt8(ascii: ".") else { return nil }
            for offset in range.dropFirst(2) where bytes[offset] != UInt8(ascii: "0") { return nil }
        }
        return bytes[first] == UInt8(ascii: "1")
    }
}
