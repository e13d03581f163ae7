/// Labelled bitmaps: what a classifier is trained on and measured with.
///
/// Rows keep the order of their source; folds and reports refer to them by number from 0.
public struct DigitDataset: Sendable {
    /// Digits there are: labels lie in 0..<10.
    public static let classCount = 10

    /// What the data set is called in reports and model documents.
    public let name: String
    /// The bitmaps, one a row, in one contiguous buffer of 32 bytes each.
    public let bitmaps: [Bitmap]
    /// The digit of each row, 0...9; as many as `bitmaps`.
    public let labels: [UInt8]
    /// The SHA-256 of the rows as packed binary, in 64 lower-case hexadecimal digits: equal for equal rows whatever file they came from.
    public let sha256: String

    /// - Throws: `DigitsError.rowCountMismatch` where there is not one label a bitmap, `.labelOutOfRange` for a label past 9.
    public init(name: String, bitmaps: [Bitmap], labels: [UInt8]) throws(DigitsError) {
        guard bitmaps.count == labels.count else {
            throw .rowCountMismatch(bitmapCount: bitmaps.count, labelCount: labels.count)
        }
        if let row = labels.firstIndex(where: { $0 >= DigitDataset.classCount }) {
            throw .labelOutOfRange(row: row, found: Int(labels[row]))
        }
        self.name = name
        self.bitmaps = bitmaps
        self.labels = labels
        self.sha256 = PackedDigits.sha256(bitmaps: bitmaps, labels: labels)
    }

    /// Rows in the data set.
    public var count: Int { bitmaps.count }

    /// Rows of each digit, 0 to 9.
    public var digitCounts: [Int] {
        labels.reduce(into: [Int](repeating: 0, count: DigitDataset.classCount)) { $0[Int($1)] += 1 }
    }

    /// The digits that occur, ascending.
    public var classes: [UInt8] {
        let present = labels.reduce(into: UInt16(0)) { $0 |= 1 &<< UInt16($1) }
        return (0..<UInt8(DigitDataset.classCount)).filter { present >> UInt16($0) & 1 == 1 }
    }

    /// The chosen rows, in the given order, as a data set of their own.
    ///
    /// - Precondition: every row is in 0..<count.
    public func selecting(rows: [Int], name: String) -> DigitDataset {
        DigitDataset(validName: name, bitmaps: rows.map { bitmaps[$0] }, labels: rows.map { labels[$0] })
    }

    /// For rows that are known to be valid: one label a bitmap, none past 9.
    init(validName name: String, bitmaps: [Bitmap], labels: [UInt8]) {
        self.name = name
        self.bitmaps = bitmaps
        self.labels = labels
        self.sha256 = PackedDigits.sha256(bitmaps: bitmaps, labels: labels)
    }
}
