import Digits
import ModelSelection

/// Whether the choices of a search beat the hyperparameters in service: on folds drawn anew, by candidates that were not chosen on the rows they
/// are judged on.
///
/// The winner of a search is lucky with the rows on which it was chosen, and fresh folds of the same rows leave it that luck. So each fresh fold
/// is answered by the candidate that the search would have chosen without the fold's rows (`SelectionWithoutRows`). Most often that is the winner.
/// The incumbent answers the same rows, both having been fitted on all others, and the differences of their accuracies go into the
/// corrected resampled t test (`CorrectedResampledTest`), two-sided. The test judges what the search finds rather than one
/// candidate: if no candidate is better than the incumbent, the differences are 0 or less in the mean, whatever was chosen where.
/// Folds choose from almost the same rows, though, and their choices hang together, which the test does not know. The two-sided test, of
/// which only one side promotes, leaves room for that: of searches over 20 equally good candidates 2 % are promoted, 4.5 % where nothing but
/// the rows decides, and 5 % over 100 (`SelectionSimulationTests`).
///
/// Halving lets candidates go on few rows, and what they would have answered on all of them is not known. The rows of rounds before the last
/// therefore judge nothing.
struct FreshComparison: Sendable {
    /// One winner and what it has to beat.
    struct Contest: Sendable {
        let winner: CandidateResult
        let incumbent: Candidate
    }

    /// What came of a contest.
    struct Outcome: Hashable, Sendable {
        /// Mean accuracy of the incumbent's hyperparameters over the folds, 0...1.
        let incumbentAccuracy: Double
        let test: CorrectedResampledTest
        let repeatCount: Int
        /// Folds of each repeat.
        let foldCount: Int
    }

    /// The trials of one repeat.
    struct RepeatTrials: Sendable {
        /// All candidates that any fold needs, on the folds of the repeat.
        let search: GridSearch
        /// Of each fold, the numbers of the candidates that it needs.
        let pending: [Set<Int>]
        /// Of each contest and fold, the number of the candidate that the search would have chosen without the fold's rows.
        fileprivate let chosen: [[Int]]
        /// The number of each contest's incumbent.
        fileprivate let incumbents: [Int]
    }

    let repeats: [RepeatTrials]
    private let foldCount: Int
    private let isJudging: [Bool]

    /// - Parameters:
    ///   - result: of the whole search.
    ///   - folds: of the same rows as the search.
    ///   - usedRows: rows on which candidates were let go before the last round.
    init(
        _ contests: [Contest], result: SearchResult, folds: ComparisonFolds, usedRows: [Int] = []
    ) throws(SearchError) {
        let selections = contests.map { FreshComparison.Selection(of: $0.winner, in: result) }
        var repeats: [RepeatTrials] = []
        for fresh in folds.repeats {
            var candidates: [Candidate] = []
            var numbers: [Candidate: Int] = [:]
            func number(_ candidate: Candidate) -> Int {
                if let known = numbers[candidate] { return known }
                numbers[candidate] = candidates.count
                candidates.append(candidate)
                return candidates.count - 1
            }
            let incumbents = contests.map { number($0.incumbent) }
            let testRows = (0..<folds.foldCount).map { fresh.folds.testRows(fold: $0) }
            let chosen = selections.map { selection in testRows.map { number(selection.best(without: $0)) } }
            let search = try GridSearch(
                space: SearchSpace(rows: candidates.map { SearchSpace.Row(candidate: $0, params: $0.values) }),
                dataset: result.search.dataset,
                folds: fresh.folds, seed: fresh.seed)
            let pending = (0..<folds.foldCount).map { fold in Set(incumbents + chosen.map { $0[fold] }) }
            repeats.append(RepeatTrials(search: search, pending: pending, chosen: chosen, incumbents: incumbents))
        }
        self.repeats = repeats
        foldCount = folds.foldCount
        var isJudging = [Bool](repeating: true, count: result.search.dataset.count)
        for row in usedRows { isJudging[row] = false }
        self.isJudging = isJudging
    }

    /// Which candidate of a classifier the search would have chosen, without some rows.
    private struct Selection {
        private let candidates: [Candidate]
        private let selection: SelectionWithoutRows

        init(of winner: CandidateResult, in result: SearchResult) {
            let rows = result.search.space.rows
            let classifier = rows[winner.candidate].candidate.classifier
            // Of equally accurate candidates the search takes the cheaper prediction, then the earlier; the selection takes the first.
            let answered = result.candidates.compactMap { measured -> (candidate: Candidate, answers: [UInt8])? in
                let candidate = rows[measured.candidate].candidate
                guard candidate.classifier == classifier else { return nil }
                return measured.outOfFoldAnswers(folds: result.search.folds).map { (candidate, $0) }
            }.enumerated().sorted {
                ($0.element.candidate.parameters.predictionCost, $0.offset) < ($1.element.candidate.parameters.predictionCost, $1.offset)
            }.map(\.element)
            candidates = answered.map(\.candidate)
            selection = SelectionWithoutRows(
                isRight: answered.map { zip($0.answers, result.search.dataset.labels).map { $0 == $1 } }, folds: result.search.folds)
        }

        func best(without rows: [Int]) -> Candidate { candidates[selection.best(without: rows)] }
    }

    /// What came of each contest; nil where a trial failed, or where fewer than two folds have rows that judge.
    ///
    /// - Parameter trials: of each repeat, those that are pending, in any order.
    func outcomes(of trials: [[Trial]]) -> [Outcome?] {
        let accuracies = zip(repeats, trials).map { planned, trials in
            trials.reduce(into: [[Int: Double]](repeating: [:], count: foldCount)) { ofFolds, trial in
                ofFolds[trial.fold][trial.candidate] = accuracy(of: trial, in: planned.search)
            }
        }
        let isJudgingFold = repeats.map { planned in
            (0..<foldCount).map { fold in planned.search.folds.testRows(fold: fold).contains { isJudging[$0] } }
        }
        return (repeats.first?.incumbents ?? []).indices.map { contest in
            var differences: [Double] = []
            var incumbentAccuracies: [Double] = []
            for (number, planned) in repeats.enumerated() {
                for fold in 0..<foldCount where isJudgingFold[number][fold] {
                    guard let chosen = accuracies[number][fold][planned.chosen[contest][fold]],
                        let incumbent = accuracies[number][fold][planned.incumbents[contest]]
                    else { return nil }
                    differences.append(chosen - incumbent)
                    incumbentAccuracies.append(incumbent)
                }
            }
            guard differences.count >= 2 else { return nil }
            return Outcome(
                incumbentAccuracy: incumbentAccuracies.reduce(0, +) / Double(incumbentAccuracies.count),
                test: CorrectedResampledTest(differences: differences, foldCount: foldCount), repeatCount: repeats.count,
                foldCount: foldCount)
        }
    }

    /// Of the rows that judge; nil where there are none, or the trial failed.
    private func accuracy(of trial: Trial, in search: GridSearch) -> Double? {
        guard case .succeeded(let success) = trial.outcome else { return nil }
        let judged = zip(search.folds.testRows(fold: trial.fold), success.predictions).filter { isJudging[$0.0] }
        guard !judged.isEmpty else { return nil }
        return Double(judged.count { $0.1 == search.dataset.labels[$0.0] }) / Double(judged.count)
    }
}
