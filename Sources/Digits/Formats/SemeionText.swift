/// Semeion's own text: a line a row, 256 pixels and 10 indicators with white space between them; the digit is the indicator that is 1.
///
/// The file at UCI writes pixels with four decimals and ends each line in a space, a carriage return maybe, and a line feed.
enum SemeionText {
    private static let valueCount = Bitmap.pixelCount + Bitmap.indicatorCount

    static func read(_ bytes: borrowing Span<UInt8>) throws(DigitsError) -> (bitmaps: [Bitmap], labels: [UInt8]) {
        var rows = TextRows(bytes, separator: nil)
        var bitmaps: [Bitmap] = []
        var labels: [UInt8] = []
        while rows.nextRow(bytes) {
            var bitmap = Bitmap.blank
            var indicators = 0
            for value in 0..<valueCount {
                guard let field = rows.nextField(bytes) else {
                    throw .wrongValueCount(expected: valueCount, found: value, line: rows.line)
                }
                guard try PixelValue.read(bytes, field) else { continue }
                if value < Bitmap.pixelCount { bitmap[value] = true } else { indicators |= 1 << (value - Bitmap.pixelCount) }
            }
            let excessCount = rows.remainingFields(bytes).count
            guard excessCount == 0 else {
                throw .wrongValueCount(expected: valueCount, found: valueCount + excessCount, line: rows.line)
            }
            guard indicators.nonzeroBitCount == 1 else {
                throw .indicatorsWithoutDigit(markedCount: indicators.nonzeroBitCount, line: rows.line)
            }
            bitmaps.append(bitmap)
            labels.append(UInt8(indicators.trailingZeroBitCount))
        }
        return (bitmaps, labels)
    }

    static func write(bitmaps: [Bitmap], labels: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(bitmaps.count * (Bitmap.pixelCount * 7 + Bitmap.indicatorCount * 2 + 1))
        for (bitmap, label) in zip(bitmaps, labels) {
            for pixel in 0..<Bitmap.pixelCount { bytes.append(contentsOf: bitmap[pixel] ? "1.0000 ".utf8 : "0.0000 ".utf8) }
            for digit in 0..<UInt8(Bitmap.indicatorCount) { bytes.append(contentsOf: digit == label ? "1 ".utf8 : "0 ".utf8) }
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }
}
