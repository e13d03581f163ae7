extension FoldAssignment {
    /// Folds that hold the same share of every digit, as far as its rows divide: neither the rows of one digit nor the rows altogether
    /// differ by more than one between any two folds.
    ///
    /// Stratified cross-validation: Kohavi, "A Study of Cross-Validation and Bootstrap for Accuracy Estimation and Model
    /// Selection", IJCAI 1995, section 2.2. The rows of each digit are shuffled and dealt to the folds in turn; the next digit goes on
    /// with the fold after the one that got the last row.
    /// - Parameters:
    ///   - labels: the digit of each row, 0...9.
    ///   - seed: decides, with the labels and nothing else, which rows come together.
    ///   - allowsSmallClasses: whether a digit may have fewer rows than there are folds: some folds are then measured without it.
    /// - Throws: `DigitsError.tooFewFolds` below 2, `.tooFewRows` where a digit that occurs has fewer rows than there are folds and
    ///   that is not allowed.
    public static func stratified(
        labels: [UInt8], foldCount: Int, seed: UInt64, allowsSmallClasses: Bool = false
    ) throws(DigitsError) -> FoldAssignment {
        guard foldCount >= 2 else { throw .tooFewFolds(found: foldCount) }
        guard labels.count >= foldCount else { throw .tooFewRows(digit: nil, found: labels.count, foldCount: foldCount) }
        var foldOfRow = [Int](repeating: 0, count: labels.count)
        var dealtCount = 0
        for digit in Set(labels).sorted() {
            var rows = labels.indices.filter { labels[$0] == digit }
            guard rows.count >= foldCount || allowsSmallClasses else {
                throw .tooFewRows(digit: Int(digit), found: rows.count, foldCount: foldCount)
            }
            var stream = RandomStream(seed: seed, purpose: .folds, index: Int(digit))
            stream.shuffle(&rows)
            for row in rows {
                foldOfRow[row] = dealtCount % foldCount
                dealtCount += 1
            }
        }
        return try FoldAssignment(foldOfRow: foldOfRow)
    }

    /// Folds of consecutive rows, the first ones a row longer where the rows do not divide: data that come in blocks by writer
    /// are then measured on writers that the training has not seen.
    ///
    /// - Throws: `DigitsError.tooFewFolds` below 2, `.tooFewRows` for fewer rows than folds.
    public static func blocks(rowCount: Int, foldCount: Int) throws(DigitsError) -> FoldAssignment {
        guard foldCount >= 2 else { throw .tooFewFolds(found: foldCount) }
        guard rowCount >= foldCount else { throw .tooFewRows(digit: nil, found: rowCount, foldCount: foldCount) }
        let longFoldCount = rowCount % foldCount
        var foldOfRow: [Int] = []
        foldOfRow.reserveCapacity(rowCount)
        for fold in 0..<foldCount {
            let size = rowCount / foldCount + (fold < longFoldCount ? 1 : 0)
            foldOfRow.append(contentsOf: repeatElement(fold, count: size))
        }
        return try FoldAssignment(foldOfRow: foldOfRow)
    }

    /// A fold a row.
    ///
    /// - Throws: `DigitsError.tooFewFolds` for fewer than two rows.
    public static func leaveOneOut(rowCount: Int) throws(DigitsError) -> FoldAssignment {
        try FoldAssignment(foldOfRow: Array(0..<rowCount))
    }

    /// The folds of some of the rows, numbered anew where a fold has none of them.
    ///
    /// - Parameter rows: row numbers in the order in which they become rows 0, 1, ….
    /// - Throws: `DigitsError.tooFewFolds` where the rows lie in fewer than two folds.
    /// - Precondition: the folds have these rows.
    public func selecting(rows: [Int]) throws(DigitsError) -> FoldAssignment {
        let present = Set(rows.map { foldOfRow[$0] }).sorted()
        let numberOfFold = Dictionary(uniqueKeysWithValues: zip(present, present.indices))
        return try FoldAssignment(foldOfRow: rows.map { numberOfFold[foldOfRow[$0]] ?? 0 })
    }
}
