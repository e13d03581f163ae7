import Classifiers

/// The best candidate of a running search so far, among those measured on every fold: the one that the report would name.
public struct SearchLeader: Sendable {
    private let search: GridSearch
    /// By candidate and fold, so that neither mean nor leader depends on the order in which trials finish.
    private var trials: [[Trial?]]
    /// On how many folds each candidate has succeeded.
    private var succeededCounts: [Int]
    private var best: (result: CandidateResult, standing: CandidateStanding)?

    public init(search: GridSearch) {
        self.search = search
        trials = [[Trial?]](repeating: [Trial?](repeating: nil, count: search.folds.foldCount), count: search.space.rows.count)
        succeededCounts = [Int](repeating: 0, count: search.space.rows.count)
    }

    /// Takes finished trials into account and returns the leader; nil before any candidate has finished on every fold.
    public mutating func leader(after finished: [Trial]) -> (row: SearchSpace.Row, meanAccuracy: Double)? {
        for trial in finished {
            guard case .succeeded = trial.outcome else { continue }
            if trials[trial.candidate][trial.fold] == nil { succeededCounts[trial.candidate] += 1 }
            trials[trial.candidate][trial.fold] = trial
            guard succeededCounts[trial.candidate] == search.folds.foldCount else { continue }
            let result = CandidateResult(candidate: trial.candidate, trials: trials[trial.candidate])
            let standing = search.space.standing(of: result)
            if let best, best.standing < standing { continue }
            best = (result, standing)
        }
        guard let best, let meanAccuracy = best.result.meanAccuracy else { return nil }
        return (search.space.rows[best.result.candidate], meanAccuracy)
    }
}
