/// The best candidate so far of a search that is running: of those measured on every fold.
public struct SearchLeader: Sendable {
    private let search: GridSearch
    private var accuracySums: [Double]
    private var finishedFoldCounts: [Int]
    private var best: (candidate: Int, meanAccuracy: Double)?

    public init(search: GridSearch) {
        self.search = search
        accuracySums = [Double](repeating: 0, count: search.space.rows.count)
        finishedFoldCounts = [Int](repeating: 0, count: search.space.rows.count)
    }

    /// Takes in finished trials and gives the leader; nil while no candidate is through.
    public mutating func leader(after trials: [Trial]) -> (row: SearchSpace.Row, meanAccuracy: Double)? {
        for trial in trials {
            guard case .succeeded(let success) = trial.outcome else { continue }
            accuracySums[trial.candidate] += success.accuracy
            finishedFoldCounts[trial.candidate] += 1
            guard finishedFoldCounts[trial.candidate] == search.folds.foldCount else { continue }
            let mean = accuracySums[trial.candidate] / Double(search.folds.foldCount)
            if mean > best?.meanAccuracy ?? -1 { best = (trial.candidate, mean) }
        }
        return best.map { (search.space.rows[$0.candidate], $0.meanAccuracy) }
    }
}
