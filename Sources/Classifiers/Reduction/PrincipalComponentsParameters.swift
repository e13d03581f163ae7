import Digits

/// How many principal components are kept.
public struct PrincipalComponentsParameters: Hashable, Sendable {
    /// What decides the number.
    public enum Kept: Hashable, Sendable {
        /// So many, 1 or more; at most 256, and at most as many as rows.
        case count(Int)
        /// As few as explain more than this share of the variance, above 0 and below 1; all for 1.
        case varianceShare(Double)
    }

    public let kept: Kept

    /// - Throws: `TrainingError.invalidParameter` for a number below 1 or past 256, or a share outside (0, 1].
    public init(_ kept: Kept) throws(TrainingError) {
        switch kept {
        case .count(let count) where !(1...Bitmap.pixelCount).contains(count):
            throw .invalidParameter(name: "n_components", found: .integer(count), expected: "a whole number from 1 to \(Bitmap.pixelCount)")
        case .varianceShare(let share) where !(share > 0 && share <= 1):
            throw .invalidParameter(name: "variance", found: .number(share), expected: "a share above 0 and up to 1")
        default: self.kept = kept
        }
    }

    /// Finds the components of some rows of a data set. The seed of a search has no part in it.
    ///
    /// - Throws: `TrainingError.rowOutOfRange`; `.invalidParameter` for more components than rows; `.noSolution` for fewer than two
    ///   rows, or rows that are all equal; `.cancelled`.
    public func fit(_ dataset: DigitDataset, rows: [Int]) throws(TrainingError) -> PrincipalComponents {
        if Task.isCancelled { throw .cancelled }
        if let stranger = rows.first(where: { !dataset.bitmaps.indices.contains($0) }) {
            throw .rowOutOfRange(found: stranger, rowCount: dataset.count)
        }
        if case .count(let count) = kept, count > rows.count {
            throw .invalidParameter(
                name: "n_components", found: .integer(count), expected: "at most \(rows.count), the number of rows")
        }
        return try PrincipalComponents(rows.map { dataset.bitmaps[$0] }, kept: kept)
    }
}
