import Classifiers

/// The trials of one candidate, and what follows from them.
public struct CandidateResult: Sendable {
    /// Number of the candidate in its search, from 0.
    public let candidate: Int
    /// One trial a fold, ascending; nil where it has not run.
    public let trials: [Trial?]

    /// Accuracy of each fold, 0...1; nil where the trial failed or has not run.
    public var accuracies: [Double?] { successes.map { $0?.accuracy } }

    /// Mean of the folds' accuracies; nil unless every trial succeeded.
    public var meanAccuracy: Double? { CandidateResult.mean(accuracies) }

    /// `meanAccuracy` without rounding: what candidates are ranked by. Nil unless every trial succeeded.
    let exactMeanAccuracy: ExactMeanAccuracy?

    init(candidate: Int, trials: [Trial?]) {
        self.candidate = candidate
        self.trials = trials
        exactMeanAccuracy = CandidateResult.exactMeanAccuracy(trials)
    }

    /// Standard deviation over the folds, of the population as scikit-learn's `std_test_score`; nil unless every trial succeeded.
    public var standardDeviation: Double? { CandidateResult.standardDeviation(accuracies) }

    /// Mean of the seconds that fitting took a fold; nil unless every trial succeeded.
    public var meanFitSeconds: Double? { CandidateResult.mean(successes.map { $0?.fitSeconds }) }

    var successes: [Trial.Success?] {
        trials.map { trial in
            guard case .succeeded(let success)? = trial?.outcome else { return nil }
            return success
        }
    }

    /// The first failure, in the order of folds.
    public var failureReason: String? {
        for trial in trials {
            if case .failed(let reason)? = trial?.outcome { return reason }
        }
        return nil
    }

    private static func exactMeanAccuracy(_ trials: [Trial?]) -> ExactMeanAccuracy? {
        var rightCounts: [Int] = []
        var rowCounts: [Int] = []
        for trial in trials {
            guard case .succeeded(let success)? = trial?.outcome else { return nil }
            rightCounts.append(success.rightCount)
            rowCounts.append(success.predictions.count)
        }
        return rowCounts.isEmpty ? nil : ExactMeanAccuracy(rightCounts: rightCounts, rowCounts: rowCounts)
    }

    static func mean(_ values: [Double?]) -> Double? {
        let present = values.compactMap { $0 }
        guard !present.isEmpty, present.count == values.count else { return nil }
        return present.reduce(0, +) / Double(present.count)
    }

    static func standardDeviation(_ values: [Double?]) -> Double? {
        guard let mean = mean(values) else { return nil }
        let squares = values.compactMap { $0 }.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(values.count)).squareRoot()
    }

    /// The results of all candidates of a search, from its trials in any order.
    public static func all(of search: GridSearch, trials: [Trial]) -> [CandidateResult] {
        var table = [[Trial?]](
            repeating: [Trial?](repeating: nil, count: search.folds.foldCount), count: search.space.rows.count)
        for trial in trials { table[trial.candidate][trial.fold] = trial }
        return table.enumerated().map { CandidateResult(candidate: $0, trials: $1) }
    }
}
