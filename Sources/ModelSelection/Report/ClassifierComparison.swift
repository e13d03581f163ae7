import Classifiers

/// Whether the best classifier beats the second best by more than chance: McNemar's exact test on their out-of-fold answers.
public struct ClassifierComparison: Codable, Hashable, Sendable {
    public let test: String
    public let first: Side
    public let second: Side
    /// Two-sided: the probability of counts at least as unequal if neither were better.
    public let pValue: Double

    public struct Side: Codable, Hashable, Sendable {
        public let classifier: ClassifierName
        /// Row of `cv_results`.
        public let index: Int
        /// Rows that this one alone answered correctly.
        public let onlyThisCorrect: Int

        enum CodingKeys: String, CodingKey {
            case classifier, index
            case onlyThisCorrect = "only_this_correct"
        }
    }

    enum CodingKeys: String, CodingKey {
        case test, first, second
        case pValue = "p_value"
    }

    /// Nil where fewer than two classifiers have a candidate that succeeded on every fold.
    ///
    /// - Parameter best: the best candidate of each classifier, best first.
    init?(_ best: [CandidateResult], in search: GridSearch) {
        guard best.count >= 2, let firstAnswers = best[0].outOfFoldAnswers(folds: search.folds),
            let secondAnswers = best[1].outOfFoldAnswers(folds: search.folds)
        else { return nil }
        func side(_ candidate: CandidateResult, _ count: Int) -> Side {
            Side(
                classifier: search.space.rows[candidate.candidate].candidate.classifier, index: candidate.candidate, onlyThisCorrect: count)
        }
        let mcNemar = McNemarTest(truth: search.dataset.labels, first: firstAnswers, second: secondAnswers)
        test = "McNemar, exact, two-sided"
        first = side(best[0], mcNemar.onlyFirstCount)
        second = side(best[1], mcNemar.onlySecondCount)
        pValue = mcNemar.twoSidedP
    }
}
