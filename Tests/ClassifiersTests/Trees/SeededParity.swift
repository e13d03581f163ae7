import Digits
import Foundation
import TestData

@testable import Classifiers

/// Accuracies of seeded classifiers beside scikit-learn's over ten seeds, `Tests/Fixtures/reference/sklearn-seeds.json`.
struct SeededParity {
    /// One candidate: mean accuracies over the folds, ours over some seeds.
    struct Comparison: CustomStringConvertible {
        let values: ParameterValues
        let accuracies: [Double]
        let expectedMean: Double
        let expectedDeviation: Double

        var mean: Double { accuracies.reduce(0, +) / Double(accuracies.count) }
        var difference: Double { mean - expectedMean }

        /// Pooled over ten seeds of theirs and ours, by degrees of freedom.
        var pooledDeviation: Double {
            let freedom = Double(accuracies.count - 1)
            let squares = accuracies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return ((9 * expectedDeviation * expectedDeviation + squares) / (9 + freedom)).squareRoot()
        }

        var description: String { "\(values): \(mean), scikit-learn \(expectedMean), pooled deviation \(pooledDeviation)" }
    }

    private struct Reference: Decodable {
        let results: [Result]

        struct Result: Decodable {
            let classifier: String
            let params: [String: ParameterValue]
            let mean: Double
            let standardDeviation: Double

            enum CodingKeys: String, CodingKey {
                case classifier, params, mean
                case standardDeviation = "standard_deviation"
            }
        }
    }

    /// All candidates of a classifier in the reference, evaluated on the reference folds with seeds 0..<seedCount.
    static func comparisons<Parameters: ClassifierParameters>(_: Parameters.Type, seedCount: Int) async throws -> [Comparison] {
        let reference = try JSONDecoder().decode(Reference.self, from: Data(TestData.fixture("reference/sklearn-seeds.json")))
            .results.filter { $0.classifier == Parameters.classifier.rawValue }
        let candidates = try reference.map { try Parameters(values: ParameterValues($0.params)) }
        let semeion = try TestData.semeion()
        let folds = try TestData.referenceFolds()
        // One row of accuracies a seed.
        let accuracies = try await withThrowingTaskGroup(of: (Int, [Double]).self) { tasks in
            for seed in 0..<seedCount {
                tasks.addTask { (seed, try SeededParity.accuracies(of: candidates, semeion, folds, seed: UInt64(seed))) }
            }
            return try await tasks.reduce(into: [[Double]](repeating: [], count: seedCount)) { $0[$1.0] = $1.1 }
        }
        return reference.indices.map { index in
            Comparison(
                values: candidates[index].values, accuracies: accuracies.map { $0[index] }, expectedMean: reference[index].mean,
                expectedDeviation: reference[index].standardDeviation)
        }
    }

    /// Mean accuracy over the folds of each candidate.
    static func accuracies<Parameters: ClassifierParameters>(
        of candidates: [Parameters], _ dataset: DigitDataset, _ folds: FoldAssignment, seed: UInt64
    ) throws -> [Double] {
        let context = EvaluationContext(dataset: dataset)
        var sums = [Double](repeating: 0, count: candidates.count)
        for fold in 0..<folds.foldCount {
            var seeds = RandomStream(seed: seed, purpose: .foldSeeds, index: fold)
            let split = TrainTestSplit(
                trainingRows: folds.trainingRows(fold: fold), testRows: folds.testRows(fold: fold), seed: seeds.next())
            for members in Dictionary(grouping: candidates.indices, by: { candidates[$0].sharingKey }).values {
                let outcomes = Parameters.evaluate(members.map { candidates[$0] }, in: context, split: split)
                for (member, outcome) in zip(members, outcomes) {
                    let digits = try outcome.predictions.get().digits
                    let correctCount = zip(digits, split.testRows).count { $0 == dataset.labels[$1] }
                    sums[member] += Double(correctCount) / Double(digits.count)
                }
            }
        }
        return sums.map { $0 / Double(folds.foldCount) }
    }
}
