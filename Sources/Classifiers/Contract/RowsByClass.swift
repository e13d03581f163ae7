import Digits

/// Training rows sorted by class.
struct RowsByClass {
    /// The digits that the rows show, ascending.
    let classes: [UInt8]
    /// Bitmaps of the rows, class after class; those of one class in the order in which they were given.
    let bitmaps: [Bitmap]
    /// Where in `bitmaps` each class ends, in the order of `classes`.
    let classEnds: [Int]

    /// - Throws: `TrainingError.rowOutOfRange`, `.tooFewClasses`.
    init(_ dataset: DigitDataset, rows: [Int]) throws(TrainingError) {
        var rowsOfDigit = [[Int]](repeating: [], count: DigitDataset.classCount)
        for row in rows {
            guard dataset.labels.indices.contains(row) else { throw .rowOutOfRange(found: row, rowCount: dataset.count) }
            rowsOfDigit[Int(dataset.labels[row])].append(row)
        }
        classes = rowsOfDigit.indices.filter { !rowsOfDigit[$0].isEmpty }.map(UInt8.init)
        guard classes.count >= 2 else { throw .tooFewClasses(found: classes.count) }
        var bitmaps: [Bitmap] = []
        bitmaps.reserveCapacity(rows.count)
        var classEnds: [Int] = []
        for digit in classes {
            bitmaps += rowsOfDigit[Int(digit)].map { dataset.bitmaps[$0] }
            classEnds.append(bitmaps.count)
        }
        self.bitmaps = bitmaps
        self.classEnds = classEnds
    }

    /// Where in `bitmaps` the rows of a class stand.
    func range(ofClass position: Int) -> Range<Int> {
        (position == 0 ? 0 : classEnds[position - 1])..<classEnds[position]
    }

    /// The bitmaps of some rows as words, four each.
    func withWords<Result>(of range: Range<Int>, _ body: (UnsafePointer<UInt64>?) -> Result) -> Result {
        // A Bitmap is four UInt64 and nothing else.
        bitmaps[range].withUnsafeBytes { body($0.baseAddress?.assumingMemoryBound(to: UInt64.self)) }
    }
}
