extension Bitmap {
    /// Numbers that follow the pixels in a row of Semeion: one indicator a digit.
    static let indicatorCount = 10

    /// The bitmap in a plain text, whichever of these it is; white space around it is passed over:
    /// - 64 hexadecimal digits;
    /// - 256 characters `0` or `1`, with white space anywhere or nowhere;
    /// - a row of Semeion: 256 numbers 0 or 1 with white space between them, and 10 more, ignored, or none.
    ///
    /// Two texts could be read in two ways: 64 characters are hexadecimal digits, even if all are 0 or 1, and 266
    /// single 0 or 1 with white space between all of them are a row with its indicators.
    /// - Throws: `DigitsError.empty`, `.notHexadecimal`, `.notAPixel`, `.wrongLength`.
    public init(text: borrowing Span<UInt8>) throws(DigitsError) {
        let range = text.rangeWithoutSurroundingWhiteSpace
        if range.count == Bitmap.hexadecimalDigitCount {
            try self.init(hexadecimal: text, range: range)
        } else {
            try self.init(traits: TextTraits(text, range), text: text, range: range)
        }
    }

    private init(traits: TextTraits, text: borrowing Span<UInt8>, range: Range<Int>) throws(DigitsError) {
        if traits.isZerosAndOnes, !range.isEmpty {
            let isRowWithIndicators =
                traits.wordCount == traits.characterCount && traits.characterCount == Bitmap.pixelCount + Bitmap.indicatorCount
            guard traits.characterCount == Bitmap.pixelCount || isRowWithIndicators else {
                throw .wrongLength(traits.wordCount == 1 ? .hexadecimalDigitsOrPixels : .pixels, found: traits.characterCount)
            }
            self = Bitmap(zerosAndOnes: text, range: range)
        } else if traits.hasPoint || traits.wordCount >= Bitmap.pixelCount / 2 {
            try self.init(row: text, range: range)
        } else {
            try self.init(hexadecimal: text, range: range)
        }
    }

    /// The first 256 characters that are not white space, each `0` or `1`.
    private init(zerosAndOnes text: borrowing Span<UInt8>, range: Range<Int>) {
        self = .blank
        var pixel = 0
        for offset in range where !text[offset].isWhiteSpace && pixel < Bitmap.pixelCount {
            self[pixel] = text[offset] == UInt8(ascii: "1")
            pixel += 1
        }
    }

    /// 256 numbers, and 10 that are not looked at.
    private init(row text: borrowing Span<UInt8>, range: Range<Int>) throws(DigitsError) {
        self = .blank
        var valueCount = 0
        var offset = range.lowerBound
        while offset < range.upperBound {
            var end = offset
            while end < range.upperBound, !text[end].isWhiteSpace { end += 1 }
            if valueCount < Bitmap.pixelCount { self[valueCount] = try PixelValue.read(text, offset..<end) }
            valueCount += 1
            while end < range.upperBound, text[end].isWhiteSpace { end += 1 }
            offset = end
        }
        guard valueCount == Bitmap.pixelCount || valueCount == Bitmap.pixelCount + Bitmap.indicatorCount else {
            throw .wrongLength(.semeionRow, found: valueCount)
        }
    }

    /// 16 lines of 16 characters `0` or `1`, each with a line feed: a form that `init(text:)` reads.
    public var zeroOneText: String {
        var text = ""
        text.reserveCapacity(Bitmap.pixelCount + Bitmap.side)
        for row in 0..<Bitmap.side {
            for column in 0..<Bitmap.side { text += self[row: row, column: column] ? "1" : "0" }
            text += "\n"
        }
        return text
    }
}

/// What distinguishes the plain texts of a bitmap.
private struct TextTraits {
    /// Characters that are not white space.
    var characterCount = 0
    /// Runs of such characters.
    var wordCount = 0
    var isZerosAndOnes = true
    var hasPoint = false

    init(_ text: borrowing Span<UInt8>, _ range: Range<Int>) {
        var isInWord = false
        for offset in range {
            let byte = text[offset]
            if byte.isWhiteSpace {
                isInWord = false
                continue
            }
            if !isInWord { wordCount += 1 }
            isInWord = true
            characterCount += 1
            if byte == UInt8(ascii: ".") { hasPoint = true }
            if byte != UInt8(ascii: "0"), byte != UInt8(ascii: "1") { isZerosAndOnes = false }
        }
    }
}
