import JSONText

/// Digits as comma-separated values: 256 pixels 0 or 1, then the label; a header `p0,p1,…,p255,label` that reading does not ask for.
enum CommaSeparatedDigits {
    private static let valueCount = Bitmap.pixelCount + 1
    private static let labelColumn = "label"

    static func read(_ bytes: borrowing Span<UInt8>) throws(DigitsError) -> (bitmaps: [Bitmap], labels: [UInt8]) {
        var rows = TextRows(bytes, hasCommas: true)
        var bitmaps: [Bitmap] = []
        var labels: [UInt8] = []
        var isFirstRow = true
        while rows.nextRow(bytes) {
            if isFirstRow, isHeader(bytes, at: rows.offset) {
                try skipHeader(bytes, &rows)
            } else {
                let (bitmap, label) = try row(bytes, &rows)
                bitmaps.append(bitmap)
                labels.append(label)
            }
            isFirstRow = false
        }
        return (bitmaps, labels)
    }

    static func write(bitmaps: [Bitmap], labels: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity((bitmaps.count + 3) * valueCount * 2)
        for pixel in 0..<Bitmap.pixelCount { bytes.append(contentsOf: "p\(pixel),".utf8) }
        bytes.append(contentsOf: "\(labelColumn)\n".utf8)
        for (bitmap, label) in zip(bitmaps, labels) {
            for pixel in 0..<Bitmap.pixelCount { bytes.append(contentsOf: bitmap[pixel] ? "1,".utf8 : "0,".utf8) }
            bytes.append(UInt8(ascii: "0") + label)
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// A header begins with a letter or a quote; a row with a digit, or with something to be refused as a pixel.
    private static func isHeader(_ bytes: borrowing Span<UInt8>, at offset: Int) -> Bool {
        let lowerCase = bytes[offset] | 0x20
        return bytes[offset] == UInt8(ascii: "\"") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(lowerCase)
    }

    /// The label has to be the last column: a file with its labels in front would be read as digits that are wrong by a pixel.
    private static func skipHeader(_ bytes: borrowing Span<UInt8>, _ rows: inout TextRows) throws(DigitsError) {
        var count = 0
        var last = ""
        while let field = rows.nextField(bytes) {
            last = String(bytes.excerpt(field).filter { $0 != "\"" })
            count += 1
        }
        guard count == valueCount else { throw .wrongValueCount(expected: valueCount, found: count, line: rows.line) }
        guard last.lowercased() == labelColumn else { throw .unknownHeader(lastColumn: last) }
    }

    private static func row(_ bytes: borrowing Span<UInt8>, _ rows: inout TextRows) throws(DigitsError) -> (Bitmap, UInt8) {
        var bitmap = Bitmap.blank
        var lastField: Range<Int>?
        for value in 0..<valueCount {
            guard let field = rows.nextField(bytes) else {
                throw .wrongValueCount(expected: valueCount, found: value, line: rows.line)
            }
            if value < Bitmap.pixelCount { bitmap[value] = try PixelValue.read(bytes, field) }
            lastField = field
        }
        let excessCount = rows.remainingFieldCount(bytes)
        guard excessCount == 0, let field = lastField else {
            throw .wrongValueCount(expected: valueCount, found: valueCount + excessCount, line: rows.line)
        }
        return (bitmap, try label(bytes, field))
    }

    /// A digit, which a spreadsheet may have written as `7.0`.
    private static func label(_ bytes: borrowing Span<UInt8>, _ field: Range<Int>) throws(DigitsError) -> UInt8 {
        guard let value = Double(bytes.excerpt(field)), let digit = UInt8(exactly: value), digit < DigitDataset.classCount else {
            throw .notALabel(value: bytes.excerpt(field), at: TextPosition(offset: field.lowerBound, in: bytes))
        }
        return digit
    }
}
