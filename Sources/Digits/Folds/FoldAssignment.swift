import Files

/// Which fold every row of a data set is held out in.
///
/// Fold `f` is trained on all rows of other folds and measured on its own: every row is predicted exactly once.
public struct FoldAssignment: Hashable, Sendable {
    /// The fold of each row, 0..<foldCount.
    public let foldOfRow: [Int]
    /// How many folds there are, at least 2; none of them is empty.
    public let foldCount: Int

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
    }

    /// 64 lower-case hexadecimal digits: SHA-256 of the rows' folds, each as four bytes, the most significant first.
    public var sha256: String {
        let bytes = foldOfRow.flatMap { fold in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: fold >> $0) } }
        var hash = SHA256()
        hash.update(bytes.span)
        return hash.hexadecimal()
    }

    /// The rows a fold is trained on, ascending.
    public func trainingRows(fold: Int) -> [Int] {
        foldOfRow.indices.filter { foldOfRow[$0] != fold }
    }

    /// The rows a fold is measured on, ascending.
    public func testRows(fold: Int) -> [Int] {
        foldOfRow.indices.filter { foldOfRow[$0] == fold }
    }
}
