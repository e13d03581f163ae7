import Files

/// Which fold every row of a data set is held out in.
///
/// Fold `f` is trained on all rows of other folds and measured on its own: every row is predicted exactly once.
public struct FoldAssignment: Hashable, Sendable {
    /// The fold of each row, 0..<foldCount.
    public let foldOfRow: [Int]
    /// How many folds there are, at least 2; none of them is empty.
    public let foldCount: Int
    /// All rows, those of fold 0 first, then those of fold 1 and on; ascending within a fold.
    private let rowsByFold: [Int]
    /// Where each fold begins in `rowsByFold`, and behind the last the number of rows.
    private let startOfFold: [Int]

    /// - Throws: `DigitsError.foldMissing` where a number below the largest names no row, `.foldOutOfRange` for a number below 0
    ///   or one that would make more folds than rows, `.tooFewFolds` for fewer than two.
    public init(foldOfRow: [Int]) throws(DigitsError) {
        if let row = foldOfRow.firstIndex(where: { !foldOfRow.indices.contains($0) }) {
            throw .foldOutOfRange(row: row, found: foldOfRow[row], rowCount: foldOfRow.count)
        }
        let present = Set(foldOfRow)
        let foldCount = (present.max() ?? -1) + 1
        guard foldCount >= 2 else { throw .tooFewFolds(found: foldCount) }
        if present.count < foldCount, let missing = (0..<foldCount).first(where: { !present.contains($0) }) {
            throw .foldMissing(fold: missing, foldCount: foldCount)
        }
        self.foldOfRow = foldOfRow
        self.foldCount = foldCount
        (rowsByFold, startOfFold) = FoldAssignment.sorted(foldOfRow, foldCount: foldCount)
    }

    /// The rows by fold, sorted by counting: leave-one-out has as many folds as rows, and a look through all rows for each of them would be
    /// quadratic.
    private static func sorted(_ foldOfRow: [Int], foldCount: Int) -> (rowsByFold: [Int], startOfFold: [Int]) {
        var startOfFold = [Int](repeating: 0, count: foldCount + 1)
        for fold in foldOfRow { startOfFold[fold + 1] += 1 }
        for fold in 0..<foldCount { startOfFold[fold + 1] += startOfFold[fold] }
        var next = startOfFold
        var rowsByFold = [Int](repeating: 0, count: foldOfRow.count)
        for (row, fold) in foldOfRow.enumerated() {
            rowsByFold[next[fold]] = row
            next[fold] += 1
        }
        return (rowsByFold, startOfFold)
    }

    /// 64 lower-case hexadecimal digits: SHA-256 of the rows' folds, each as four bytes, the most significant first.
    public var sha256: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(foldOfRow.count * 4)
        for fold in foldOfRow {
            for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: fold >> shift)) }
        }
        var hash = SHA256()
        hash.update(bytes.span)
        return hash.hexadecimal()
    }

    /// The rows a fold is trained on, ascending.
    public func trainingRows(fold: Int) -> [Int] {
        var rows: [Int] = []
        rows.reserveCapacity(foldOfRow.count - testRowCount(fold: fold))
        for row in foldOfRow.indices where foldOfRow[row] != fold { rows.append(row) }
        return rows
    }

    /// The rows a fold is measured on, ascending; as quick as they are few.
    public func testRows(fold: Int) -> [Int] { Array(rowsByFold[startOfFold[fold]..<startOfFold[fold + 1]]) }

    /// How many rows a fold is measured on.
    public func testRowCount(fold: Int) -> Int { startOfFold[fold + 1] - startOfFold[fold] }

    public static func == (left: FoldAssignment, right: FoldAssignment) -> Bool { left.foldOfRow == right.foldOfRow }

    public func hash(into hasher: inout Hasher) { hasher.combine(foldOfRow) }
}
