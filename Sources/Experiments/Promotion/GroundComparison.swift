import DigitAPI
import Digits
import ModelSelection

/// Whether a new model is right on the ground of the one in service: the data that one was trained on, which may be other data than the
/// experiment's. On ten rows, or on the digits 0 and 1 alone, anything may look good.
///
/// Every row of the ground is answered twice, by hyperparameters that were fitted without it: those in service on the other folds of the
/// ground, the new ones on the experiment's rows. Where the experiment has rows of the ground too, as `semeion+feedback` has, those with the
/// bitmap of a row under test are left out. What counts is how many rows each has right.
struct GroundComparison: Sendable {
    /// Answers that one search gives, on one fold of it.
    struct Part: Sendable {
        let search: GridSearch
        /// The folds whose rows are answered.
        let pending: [Set<Int>]
        /// The rows of the joined rows that the search has.
        let rows: [Int]
    }

    /// The experiment's rows, and behind them the ground's.
    let joined: DigitDataset
    /// The folds of the ground, answered by the hyperparameters in service.
    let serving: Part
    /// The same rows, answered by the new hyperparameters.
    let new: [Part]
    private let ground: DigitDataset

    private static let largestFoldCount = 10

    /// - Parameters:
    ///   - rows: the experiment's.
    ///   - ground: those that the model in service was trained on.
    ///   - seed: decides the folds of the ground, and fitting.
    /// - Throws: `DigitsError` where the ground has a digit with but one row, `SearchError`.
    init(_ candidate: Candidate, incumbent: Candidate, rows: DigitDataset, ground: DigitDataset, seed: UInt64) throws {
        let rarestCount = ground.digitCounts.filter { $0 > 0 }.min() ?? 0
        let foldCount = max(2, min(rarestCount, GroundComparison.largestFoldCount))
        let folds = try FoldAssignment.stratified(labels: ground.labels, foldCount: foldCount, seed: seed)
        self.ground = ground
        joined = try DigitDataset(name: ground.name, bitmaps: rows.bitmaps + ground.bitmaps, labels: rows.labels + ground.labels)
        serving = Part(
            search: try GridSearch(space: GroundComparison.space(of: incumbent), dataset: ground, folds: folds, seed: seed),
            pending: Array(repeating: [0], count: foldCount), rows: Array(rows.count..<joined.count))
        let isShared = !Set(ground.bitmaps).isDisjoint(with: rows.bitmaps)
        var parts: [Part] = []
        for tested in isShared ? (0..<foldCount).map({ folds.testRows(fold: $0) }) : [Array(ground.bitmaps.indices)] {
            let testedBitmaps = Set(tested.map { ground.bitmaps[$0] })
            let training = rows.bitmaps.indices.filter { !testedBitmaps.contains(rows.bitmaps[$0]) }
            let selected = training + tested.map { rows.count + $0 }
            let split = try FoldAssignment(foldOfRow: training.map { _ in 1 } + tested.map { _ in 0 })
            let search = try GridSearch(
                space: GroundComparison.space(of: candidate), dataset: joined.selecting(rows: selected, name: joined.name), folds: split,
                seed: seed)
            parts.append(Part(search: search, pending: [[0], []], rows: selected))
        }
        new = parts
    }

    private static func space(of candidate: Candidate) -> SearchSpace {
        SearchSpace(rows: [SearchSpace.Row(candidate: candidate, params: candidate.values)])
    }

    /// What came of it; nil where a trial failed.
    ///
    /// - Parameters:
    ///   - trials: of `serving`.
    ///   - newTrials: of each of `new`.
    func outcome(serving trials: [Trial], new newTrials: [[Trial]]) -> PromotionDecision.Ground? {
        guard let servingCount = GroundComparison.correctCount(trials, of: serving) else { return nil }
        var correctCount = 0
        for (part, trials) in zip(new, newTrials) {
            guard let count = GroundComparison.correctCount(trials, of: part) else { return nil }
            correctCount += count
        }
        return PromotionDecision.Ground(
            dataset: ground.name, sha256: ground.sha256, rows: ground.count, correct: correctCount, servingCorrect: servingCount)
    }

    private static func correctCount(_ trials: [Trial], of part: Part) -> Int? {
        guard trials.count == part.pending.count(where: { !$0.isEmpty }) else { return nil }
        var count = 0
        for trial in trials {
            guard case .succeeded(let success) = trial.outcome else { return nil }
            let truth = part.search.folds.testRows(fold: trial.fold).map { part.search.dataset.labels[$0] }
            count += zip(success.predictions, truth).count { $0 == $1 }
        }
        return count
    }
}
