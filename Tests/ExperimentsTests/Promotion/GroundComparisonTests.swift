import Classifiers
import Digits
import ModelSelection
import Testing

@testable import Experiments

@Suite struct GroundComparisonTests {
    private static let ground = SyntheticDigits.dataset(rowCount: 200, seed: 4)
    private let bayes = Candidate(MultinomialNaiveBayesParameters())
    private let tree = Candidate(DecisionTreeParameters())

    private static func selecting(_ digits: Set<UInt8>, of dataset: DigitDataset) -> DigitDataset {
        dataset.selecting(rows: dataset.labels.indices.filter { digits.contains(dataset.labels[$0]) }, name: "part")
    }

    private func trials(_ part: GroundComparison.Part) -> [Trial] {
        part.search.units(jobCount: 1, pending: part.pending).flatMap { part.search.trials(of: $0) }
    }

    @Test("a model of two digits is right on no row of the other eight, and the count is of all rows of the ground")
    func twoDigits() throws {
        let rows = GroundComparisonTests.selecting([0, 1], of: SyntheticDigits.dataset(rowCount: 200, seed: 9))
        let comparison = try GroundComparison(bayes, incumbent: bayes, rows: rows, ground: GroundComparisonTests.ground, seed: 1)
        #expect(comparison.new.count == 1)
        let outcome = try #require(comparison.outcome(serving: trials(comparison.serving), new: comparison.new.map(trials)))
        #expect(outcome.rows == 200)
        #expect(outcome.sha256 == GroundComparisonTests.ground.sha256)
        #expect(outcome.servingCorrect > 130)
        #expect(outcome.correct > 30 && outcome.correct <= 40)
    }

    @Test("rows that the experiment shares with the ground are answered by models that were not trained on them")
    func sharedRows() throws {
        let ground = GroundComparisonTests.ground
        let more = SyntheticDigits.dataset(rowCount: 30, seed: 7)
        let rows = try DigitDataset(name: "more", bitmaps: ground.bitmaps + more.bitmaps, labels: ground.labels + more.labels)
        let comparison = try GroundComparison(tree, incumbent: bayes, rows: rows, ground: ground, seed: 1)
        var tested: [Bitmap] = []
        for part in comparison.new {
            let dataset = part.search.dataset
            let answered = part.search.folds.testRows(fold: 0).map { dataset.bitmaps[$0] }
            let training = part.search.folds.trainingRows(fold: 0).map { dataset.bitmaps[$0] }
            #expect(Set(training).isDisjoint(with: answered))
            #expect(training.count == rows.count - answered.count)
            // Workers make the same rows of the joined ones.
            #expect(comparison.joined.selecting(rows: part.rows, name: dataset.name).sha256 == dataset.sha256)
            tested += answered
        }
        #expect(tested.count == ground.count)
        #expect(Set(tested) == Set(ground.bitmaps))
        // A tree that had seen its rows would be right on all of them.
        let outcome = try #require(comparison.outcome(serving: trials(comparison.serving), new: comparison.new.map(trials)))
        #expect(outcome.correct < 190)
    }

    @Test("there is no outcome where a trial failed or is missing")
    func failed() throws {
        let ground = GroundComparisonTests.ground
        let comparison = try GroundComparison(bayes, incumbent: bayes, rows: ground, ground: ground, seed: 1)
        let serving = trials(comparison.serving)
        let new = comparison.new.map(trials)
        #expect(comparison.outcome(serving: serving, new: new) != nil)
        #expect(comparison.outcome(serving: Array(serving.dropLast()), new: new) == nil)
        let failure = Trial(candidate: 0, fold: 0, outcome: .failed(reason: "too little memory"))
        #expect(comparison.outcome(serving: serving, new: [[failure]] + new.dropFirst()) == nil)
    }
}
