/// The best candidate of a running search so far, among those measured on every fold.
public struct SearchLeader: Sendable {
    private let search: GridSearch
    /// By candidate and fold: the mean is that of the report, whatever the order in which folds finish.
    private var accuracies: [[Double?]]
    private var best: (candidate: Int, meanAccuracy: Double)?

    public init(search: GridSearch) {
        self.search = search
        accuracies = [[Double?]](repeating: [Double?](repeating: nil, count: search.folds.foldCount), count: search.space.rows.count)
    }

    /// Takes finished trials into account and returns the leader; nil before any candidate has finished on every fold.
    public mutating func leader(after trials: [Trial]) -> (row: SearchSpace.Row, meanAccuracy: Double)? {
        for trial in trials {
            guard case .succeeded(let success) = trial.outcome else { continue }
            accuracies[trial.candidate][trial.fold] = success.accuracy
            guard let mean = CandidateResult.mean(accuracies[trial.candidate]) else { continue }
            if mean > best?.meanAccuracy ?? -1 { best = (trial.candidate, mean) }
        }
        return best.map { (search.space.rows[$0.candidate], $0.meanAccuracy) }
    }
}
