import Classifiers
import Digits
import ModelSelection
import Testing

@testable import Experiments

@Suite struct FreshComparisonTests {
    private static let rows = SyntheticDigits.dataset(rowCount: 300, seed: 4)

    private let search: GridSearch
    private let folds: ComparisonFolds
    private let incumbent = Candidate(GaussianNaiveBayesParameters())

    /// Decision trees of depth 1, 2 and 3.
    init() throws {
        let space = try SearchSpace(entries: [
            SearchSpace.Entry(classifier: .decisionTree, grid: ["max_depth": [.integer(1), .integer(2), .integer(3)]])
        ])
        search = try GridSearch(
            space: space, dataset: FreshComparisonTests.rows,
            folds: .stratified(labels: FreshComparisonTests.rows.labels, foldCount: 5, seed: 1), seed: 1)
        folds = try ComparisonFolds(of: search, kind: .stratified)
    }

    private static func trial(_ candidate: Int, _ fold: Int, in search: GridSearch, isRight: (Int) -> Bool) -> Trial {
        let testRows = search.folds.testRows(fold: fold)
        let labels = search.dataset.labels
        let predictions = testRows.map { isRight($0) ? labels[$0] : (labels[$0] + 1) % 10 }
        return Trial(
            candidate: candidate, fold: fold,
            outcome: .succeeded(
                Trial.Success(
                    predictions: predictions, accuracy: Double(testRows.count(where: isRight)) / Double(testRows.count), fitSeconds: 0,
                    scoreSeconds: 0)))
    }

    /// The search as if its candidates had been right on these rows.
    private func result(isRight: (_ candidate: Int, _ row: Int) -> Bool) -> SearchResult {
        let trials = search.space.rows.indices.flatMap { candidate in
            (0..<5).map { fold in FreshComparisonTests.trial(candidate, fold, in: search) { isRight(candidate, $0) } }
        }
        return SearchResult(search: search, trials: trials)
    }

    private func comparison(_ result: SearchResult, usedRows: [Int] = []) throws -> FreshComparison {
        let winner = try #require(result.best())
        return try FreshComparison(
            [FreshComparison.Contest(winner: winner, incumbent: incumbent)], result: result, folds: folds, usedRows: usedRows)
    }

    /// Pending trials as if the incumbent and all others had been right on these rows.
    private func trials(_ comparison: FreshComparison, isRight: (_ isIncumbent: Bool, _ row: Int) -> Bool) -> [[Trial]] {
        comparison.repeats.map { planned in
            planned.pending.enumerated().flatMap { fold, candidates in
                candidates.map { number in
                    let isIncumbent = planned.search.space.rows[number].candidate == incumbent
                    return FreshComparisonTests.trial(number, fold, in: planned.search) { isRight(isIncumbent, $0) }
                }
            }
        }
    }

    @Test("each fold is answered by the incumbent and by the candidate that is best on the rows outside the fold")
    func choices() throws {
        // Nearly as good as each other, so that a fold's rows decide.
        func isRight(_ candidate: Int, _ row: Int) -> Bool { (row * 7 + candidate * 131) % 11 > 3 }
        let comparison = try comparison(result(isRight: isRight))
        var chosen: Set<Candidate> = []
        for (planned, fresh) in zip(comparison.repeats, folds.repeats) {
            #expect(planned.search.folds == fresh.folds)
            #expect(planned.search.seed == fresh.seed)
            for fold in 0..<5 {
                let testRows = Set(fresh.folds.testRows(fold: fold))
                let means = (0..<3).map { candidate in
                    (0..<5).map { searchFold in
                        let rows = search.folds.testRows(fold: searchFold).filter { !testRows.contains($0) }
                        return Double(rows.count { isRight(candidate, $0) }) / Double(rows.count)
                    }.reduce(0, +)
                }
                let best = search.space.rows[means.firstIndex(of: means.max()!)!].candidate
                #expect(Set(planned.pending[fold].map { planned.search.space.rows[$0].candidate }) == [incumbent, best])
                chosen.insert(best)
            }
        }
        #expect(chosen.count > 1)
    }

    @Test("the differences of all folds of all repeats are tested")
    func outcome() throws {
        let comparison = try comparison(result { candidate, row in (row + candidate) % 10 != 0 })
        // The incumbent is wrong on each tenth row, the others on none.
        let outcome = try #require(comparison.outcomes(of: trials(comparison) { !$0 || $1 % 10 != 0 }).first ?? nil)
        #expect(abs(outcome.incumbentAccuracy - 0.9) < 1e-9)
        #expect(abs(outcome.test.meanDifference - 0.1) < 1e-9)
        let differences = folds.repeats.flatMap { fresh in
            (0..<5).map { fold in Double(fresh.folds.testRows(fold: fold).count { $0 % 10 == 0 }) / 60 }
        }
        #expect(outcome.test.twoSidedP == CorrectedResampledTest(differences: differences, foldCount: 5).twoSidedP)
        #expect(outcome.test.twoSidedP < 0.001)
        #expect(outcome.repeatCount == 3)
        #expect(outcome.foldCount == 5)
    }

    @Test("rows on which candidates were let go judge nothing")
    func usedRows() throws {
        let comparison = try comparison(result { candidate, row in (row + candidate) % 10 != 0 }, usedRows: Array(0..<100))
        // The candidates are right on rows that they were chosen on, and the incumbent on the others.
        let outcome = try #require(comparison.outcomes(of: trials(comparison) { $0 == ($1 >= 100) }).first ?? nil)
        #expect(outcome.test.meanDifference == -1)
        #expect(outcome.incumbentAccuracy == 1)
    }

    @Test("a trial that fails, or is not there, leaves the contest without an outcome")
    func failures() throws {
        let comparison = try comparison(result { candidate, row in (row + candidate) % 10 != 0 })
        var trials = trials(comparison) { _, _ in true }
        #expect(comparison.outcomes(of: trials)[0] != nil)
        let last = trials[2].removeLast()
        #expect(comparison.outcomes(of: trials) == [nil])
        trials[2].append(Trial(candidate: last.candidate, fold: last.fold, outcome: .failed(reason: "too little memory")))
        #expect(comparison.outcomes(of: trials) == [nil])
    }
}
