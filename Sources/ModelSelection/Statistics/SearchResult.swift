import Classifiers

/// A search with the outcome of its trials: which candidate is best.
public struct SearchResult: Sendable {
    public let search: GridSearch
    /// One result a candidate, in the order of the search.
    public let candidates: [CandidateResult]

    /// - Parameter trials: finished trials in any order; those that have not run are left out.
    public init(search: GridSearch, trials: [Trial]) {
        self.search = search
        candidates = CandidateResult.all(of: search, trials: trials)
    }

    /// The best candidate, of one classifier or of all; nil where none succeeded on every fold.
    public func best(of classifier: ClassifierName? = nil) -> CandidateResult? {
        candidates.lazy
            .filter { classifier == nil || classifier == search.space.rows[$0.candidate].candidate.classifier }
            .filter { $0.meanAccuracy != nil }
            .min(by: isBetter)
    }

    /// The best candidate of each classifier that has one, best first.
    public var bestOfEachClassifier: [CandidateResult] {
        classifiers.compactMap { best(of: $0) }.sorted(by: isBetter)
    }

    /// Whether the left candidate comes before the right one: a higher mean accuracy, compared without rounding, of equal ones the cheaper prediction, then the earlier in the search.
    /// Candidates without a mean come last.
    public func isBetter(_ left: CandidateResult, _ right: CandidateResult) -> Bool {
        search.space.standing(of: left) < search.space.standing(of: right)
    }

    /// The classifiers that were searched, in the order of their first candidate.
    public var classifiers: [ClassifierName] {
        search.space.rows.reduce(into: []) { names, row in
            if !names.contains(row.candidate.classifier) { names.append(row.candidate.classifier) }
        }
    }

    /// Rank of each candidate by mean accuracy, from 1; equal means share the better rank (scikit-learn's `rank_test_score`). Nil without a mean.
    public var ranks: [Int?] {
        let means = candidates.map(\.exactMeanAccuracy)
        let descending = means.compactMap { $0 }.sorted(by: >)
        return means.map { mean in
            mean.flatMap { descending.firstIndex(of: $0) }.map { $0 + 1 }
        }
    }

    /// The values of a metric by candidate and fold; nil where a trial failed or has not run.
    func values(of metric: FoldMetric) -> [[Double?]] {
        let truth = (0..<search.folds.foldCount).map { fold in search.folds.testRows(fold: fold).map { search.dataset.labels[$0] } }
        return candidates.map { candidate in
            zip(candidate.successes, truth).map { success, truth in success.map { metric.value(of: $0, truth: truth) } }
        }
    }
}
