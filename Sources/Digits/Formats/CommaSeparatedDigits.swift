import JSONText

/// Digits as comma-separated values: 256 pixels 0 or 1 and the label. Written with the label last and a header `p0,p1,…,p255,label`.
///
/// Read as pandas, R and spreadsheets write them: between commas or semicolons, with quotes or without, with or without a header, an index
/// in front that the header leaves nameless or calls so, an empty column behind a last comma. A header names the column of the label,
/// wherever that is. Without a name the label is the first or the last value of each row, as the rows show: `CSVColumns`.
enum CommaSeparatedDigits {
    static func read(_ bytes: borrowing Span<UInt8>) throws(DigitsError) -> (bitmaps: [Bitmap], labels: [UInt8]) {
        var rows = TextRows(bytes, separator: separator(of: bytes))
        var content = CSVRows(columns: CSVColumns())
        var isFirstRow = true
        while rows.nextRow(bytes) {
            if isFirstRow {
                isFirstRow = false
                var head = rows
                let names = head.remainingFields(bytes).map { bytes.excerpt($0) }
                if CSVColumns.isHeader(names) {
                    content = CSVRows(columns: try CSVColumns(header: names, line: rows.line))
                    rows = head
                    continue
                }
            }
            try content.append(bytes, &rows)
        }
        return try content.bitmapsAndLabels(bytes)
    }

    static func write(bitmaps: [Bitmap], labels: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity((bitmaps.count + 3) * CSVColumns.valueCount * 2)
        for pixel in 0..<Bitmap.pixelCount { bytes.append(contentsOf: "p\(pixel),".utf8) }
        bytes.append(contentsOf: "\(CSVColumns.labelName)\n".utf8)
        for (bitmap, label) in zip(bitmaps, labels) {
            for pixel in 0..<Bitmap.pixelCount { bytes.append(contentsOf: bitmap[pixel] ? "1,".utf8 : "0,".utf8) }
            bytes.append(UInt8(ascii: "0") + label)
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    /// A semicolon where the first line has one: what spreadsheets write where the comma is in numbers.
    private static func separator(of bytes: borrowing Span<UInt8>) -> UInt8 {
        let start = bytes.rangeWithoutSurroundingWhiteSpace.lowerBound
        for offset in start..<bytes.endOfLine(from: start) where bytes[offset] == UInt8(ascii: ";") { return UInt8(ascii: ";") }
        return UInt8(ascii: ",")
    }
}

/// Where the values of a row stand.
struct CSVColumns {
    /// Pixels and the label.
    static let valueCount = Bitmap.pixelCount + 1
    static let labelName = "label"

    private static let labelNames: Set = [labelName, "digit", "class", "target", "y"]
    private static let indexNames: Set = ["", "index", "unnamed: 0", "id", "row"]

    /// Among the values of a row, from 0; nil for the first or the last, as the rows show.
    let label: Int?
    /// Whether a number of the row stands in front of them.
    let hasIndex: Bool

    /// Of a file without a header.
    init() {
        label = nil
        hasIndex = false
    }

    /// - Throws: `DigitsError.wrongValueCount`, and `.unknownHeader` where not exactly one column is named as the label.
    init(header names: [String], line: Int) throws(DigitsError) {
        var names = names.map { $0.lowercased() }
        if names.count > CSVColumns.valueCount, names.last?.isEmpty == true { names.removeLast() }
        hasIndex = names.count == CSVColumns.valueCount + 1 && names.first.map(CSVColumns.indexNames.contains) == true
        if hasIndex { names.removeFirst() }
        guard names.count == CSVColumns.valueCount else {
            throw .wrongValueCount(expected: CSVColumns.valueCount, found: names.count, line: line)
        }
        let labels = names.indices.filter { CSVColumns.labelNames.contains(names[$0]) }
        label = labels.first
        // Numbers for names, as pandas gives them, say nothing of the label.
        guard labels.count == 1 || (labels.isEmpty && names.allSatisfy { Int($0) != nil }) else {
            throw .unknownHeader(lastColumn: names[names.count - 1])
        }
    }

    /// Whether the first row is names: words, the name of a label, or 0, 1, 2 and so on.
    static func isHeader(_ fields: [String]) -> Bool {
        if let first = fields.first(where: { !$0.isEmpty }), Double(first) == nil, isName(first) { return true }
        if fields.contains(where: { labelNames.contains($0.lowercased()) }) { return true }
        let numbers = fields.filter { !$0.isEmpty }.map { Int($0) }
        guard numbers.count >= Bitmap.pixelCount, let first = numbers[0], first == 0 || first == 1 else { return false }
        return numbers.enumerated().allSatisfy { $1 == first + $0 }
    }

    /// Whether this begins as names do, and not as something that is to be refused as a pixel.
    private static func isName(_ text: String) -> Bool {
        text.unicodeScalars.first?.properties.isAlphabetic == true || text.hasPrefix("_")
    }
}

/// The rows of a file as they come, with the label in its column, or in either of two until all rows are known.
private struct CSVRows {
    let columns: CSVColumns

    /// One row, its values in their order.
    private struct Row {
        var first: UInt8 = 0
        var last: UInt8 = 0
        /// The pixels with the label at its place, or the first 256 values.
        var bitmap = Bitmap.blank
    }

    private var rows: [Row] = []
    /// Where a first, and a last, value is that can be no pixel.
    private var firstLabelOffset: Int?
    private var lastLabelOffset: Int?

    init(columns: CSVColumns) {
        self.columns = columns
    }

    /// Reads a row.
    ///
    /// - Throws: `DigitsError.wrongValueCount`, `.notAPixel`, `.notALabel`.
    mutating func append(_ bytes: borrowing Span<UInt8>, _ walk: inout TextRows) throws(DigitsError) {
        if columns.hasIndex { _ = walk.nextField(bytes) }
        var row = Row()
        for place in 0..<CSVColumns.valueCount {
            guard let field = walk.nextField(bytes) else {
                throw .wrongValueCount(expected: CSVColumns.valueCount, found: place, line: walk.line)
            }
            if let label = columns.label {
                if place == label {
                    row.last = try CSVRows.label(bytes, field)
                } else if try PixelValue.read(bytes, field) {
                    row.bitmap[place < label ? place : place - 1] = true
                }
                continue
            }
            switch place {
            case 0:
                // Past 1 it can only be a label; what is neither is a wrong pixel.
                guard let value = CSVRows.digit(bytes, field) else {
                    throw .notAPixel(value: bytes.excerpt(field), at: TextPosition(offset: field.lowerBound, in: bytes))
                }
                row.first = value
                if row.first > 1 { firstLabelOffset = firstLabelOffset ?? field.lowerBound }
                row.bitmap[0] = row.first == 1
            case Bitmap.pixelCount:
                row.last = try CSVRows.label(bytes, field)
                if row.last > 1 { lastLabelOffset = lastLabelOffset ?? field.lowerBound }
            default:
                if try PixelValue.read(bytes, field) { row.bitmap[place] = true }
            }
        }
        let excess = walk.remainingFields(bytes)
        guard excess.isEmpty || (excess.count == 1 && excess[0].isEmpty) else {
            throw .wrongValueCount(expected: CSVColumns.valueCount, found: CSVColumns.valueCount + excess.count, line: walk.line)
        }
        rows.append(row)
    }

    /// - Throws: `DigitsError.notAPixel` where one row shows the label first and another one last, `.labelColumnUnknown` where no row
    ///   shows it.
    func bitmapsAndLabels(_ bytes: borrowing Span<UInt8>) throws(DigitsError) -> (bitmaps: [Bitmap], labels: [UInt8]) {
        let labelIsFirst = columns.label == nil ? try labelIsFirst(bytes) : false
        guard labelIsFirst else { return (rows.map(\.bitmap), rows.map(\.last)) }
        let bitmaps = rows.map { row in
            var bitmap = Bitmap.blank
            for place in 1..<Bitmap.pixelCount where row.bitmap[place] { bitmap[place - 1] = true }
            bitmap[Bitmap.pixelCount - 1] = row.last == 1
            return bitmap
        }
        return (bitmaps, rows.map(\.first))
    }

    /// A value past 1 shows where the label is. Where there is none, all labels are 0 or 1 and pixels too: the column that has both is the
    /// label, since the corners of a digit are paper; where neither or each of them has both, nothing is guessed.
    private func labelIsFirst(_ bytes: borrowing Span<UInt8>) throws(DigitsError) -> Bool {
        switch (firstLabelOffset, lastLabelOffset) {
        case (let first?, let last?):
            let later = max(first, last)
            throw .notAPixel(value: bytes.excerpt(later..<later + 1), at: TextPosition(offset: later, in: bytes))
        case (.some, nil): return true
        case (nil, .some): return false
        case (nil, nil):
            let (firstCount, lastCount) = (Set(rows.map(\.first)).count, Set(rows.map(\.last)).count)
            guard firstCount != lastCount || rows.isEmpty else { throw .labelColumnUnknown }
            return firstCount > lastCount
        }
    }

    private static func label(_ bytes: borrowing Span<UInt8>, _ field: Range<Int>) throws(DigitsError) -> UInt8 {
        guard let digit = digit(bytes, field) else {
            throw .notALabel(value: bytes.excerpt(field), at: TextPosition(offset: field.lowerBound, in: bytes))
        }
        return digit
    }

    /// A digit, which a spreadsheet may have written as `7.0`; nil for all else.
    private static func digit(_ bytes: borrowing Span<UInt8>, _ field: Range<Int>) -> UInt8? {
        guard let value = PixelValue.number(bytes, field), let digit = UInt8(exactly: value), digit < DigitDataset.classCount else {
            return nil
        }
        return digit
    }
}
