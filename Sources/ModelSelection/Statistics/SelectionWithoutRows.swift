import Digits

/// Which candidate a search would have chosen without some of its rows.
///
/// The best of many candidates owes its place in part to luck with the rows that it was chosen on, and new folds of the same rows do not take that
/// luck away: Cawley, Talbot, "On Over-fitting in Model Selection and Subsequent Selection Bias in Performance Evaluation", JMLR 11 (2010), section 5.
/// What is to be judged on some rows is therefore chosen on the others. Nested cross-validation would search anew for each of these choices. Here
/// the search's own out-of-fold answers are counted again without the rows, which costs next to nothing. What is left of the rows in such a choice
/// is only that the models of other folds were trained on them.
public struct SelectionWithoutRows: Sendable {
    /// Whether the search answered a row rightly, a list of rows for each candidate.
    private let isRight: [[Bool]]
    private let foldOfRow: [Int]
    /// Of each candidate and fold, how many rows were answered rightly.
    private let rightCounts: [[Int]]
    private let rowCounts: [Int]

    /// - Parameters:
    ///   - isRight: whether the out-of-fold answer to a row was right, a list of rows for each candidate; of candidates that are equally good the
    ///     earlier is chosen.
    ///   - folds: those of the search.
    /// - Precondition: one candidate or more, each with an answer to every row of the folds.
    public init(isRight: [[Bool]], folds: FoldAssignment) {
        precondition(!isRight.isEmpty && isRight.allSatisfy { $0.count == folds.foldOfRow.count }, "an answer to every row")
        self.isRight = isRight
        foldOfRow = folds.foldOfRow
        rightCounts = isRight.map { isRight in
            var counts = [Int](repeating: 0, count: folds.foldCount)
            for (fold, isRight) in zip(folds.foldOfRow, isRight) where isRight { counts[fold] += 1 }
            return counts
        }
        var rowCounts = [Int](repeating: 0, count: folds.foldCount)
        for fold in folds.foldOfRow { rowCounts[fold] += 1 }
        self.rowCounts = rowCounts
    }

    /// The candidate with the highest mean accuracy of the search's folds, each without these rows; folds of which nothing is left do not count.
    ///
    /// - Parameter rows: no row twice.
    /// - Returns: the candidate's place in the list that the selection was made of.
    public func best(without rows: [Int]) -> Int {
        var rowCounts = rowCounts
        for row in rows { rowCounts[foldOfRow[row]] -= 1 }
        var best: (candidate: Int, mean: ExactMeanAccuracy)?
        for candidate in isRight.indices {
            var counts = rightCounts[candidate]
            for row in rows where isRight[candidate][row] { counts[foldOfRow[row]] -= 1 }
            let mean = ExactMeanAccuracy(rightCounts: counts, rowCounts: rowCounts)
            if best.map({ mean > $0.mean }) ?? true { best = (candidate, mean) }
        }
        return best?.candidate ?? 0
    }
}
