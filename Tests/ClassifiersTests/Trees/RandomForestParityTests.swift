import Digits
import Foundation
import TestData
import Testing

@testable import Classifiers

/// Accuracy beside scikit-learn's over ten seeds, `Tests/Fixtures/reference/sklearn-seeds.json`.
@Suite("Forest parity with scikit-learn", .enabled(if: TestData.semeionIsAvailable, "the Semeion data set is not here"))
struct RandomForestParityTests {
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

    private static let seedCount = 4

    @Test("each of the 16 distinct forests is within 4 pooled standard deviations, and all together within 0.3 points")
    func accuracy() async throws {
        let reference = try JSONDecoder().decode(Reference.self, from: Data(TestData.fixture("reference/sklearn-seeds.json")))
            .results.filter { $0.classifier == "random-forest" }
        #expect(reference.count == 16)
        let candidates = try reference.map { try RandomForestParameters(values: ParameterValues($0.params)) }
        let semeion = try TestData.semeion()
        let folds = try TestData.referenceFolds()

        // One row of accuracies a seed.
        let accuracies = try await withThrowingTaskGroup(of: (Int, [Double]).self) { tasks in
            for seed in 0..<RandomForestParityTests.seedCount {
                tasks.addTask {
                    (seed, try RandomForestParityTests.accuracies(of: candidates, semeion, folds, seed: UInt64(seed)))
                }
            }
            return try await tasks.reduce(into: [[Double]](repeating: [], count: RandomForestParityTests.seedCount)) { $0[$1.0] = $1.1 }
        }

        var differenceSum = 0.0
        for (index, expected) in reference.enumerated() {
            let found = accuracies.map { $0[index] }
            let mean = found.reduce(0, +) / Double(found.count)
            let variance = found.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(found.count - 1)
            // Pooled over ten seeds of theirs and ours, by degrees of freedom.
            let theirs = expected.standardDeviation * expected.standardDeviation
            let pooled = ((9 * theirs + Double(found.count - 1) * variance) / Double(9 + found.count - 1)).squareRoot()
            #expect(abs(mean - expected.mean) <= 4 * pooled, "\(candidates[index].values): \(mean), scikit-learn \(expected.mean)")
            differenceSum += mean - expected.mean
        }
        #expect(abs(differenceSum / Double(reference.count)) <= 0.003)
    }

    /// Nodes of a tree, mean and standard deviation over 300 of `RandomForestClassifier(n_estimators=300, random_state=0, …)` fitted on
    /// all of Semeion by scikit-learn 1.9.0 (`tree_.node_count`).
    private static let treeSizes: [(values: [String: ParameterValue], mean: Double, standardDeviation: Double)] = [
        ([:], 614.73, 27.02),
        (["min_samples_leaf": .integer(5)], 249.80, 9.31),
        (["min_samples_leaf": .integer(20)], 71.77, 3.17),
        (["criterion": .text("entropy")], 590.36, 26.16),
        (["bootstrap": .bool(false)], 858.54, 32.42),
        (["criterion": .text("entropy"), "max_features": .number(0.1), "min_samples_leaf": .integer(5)], 242.23, 9.16),
        (["max_features": .integer(1)], 1477.96, 49.90),
    ]

    @Test("trees are as large as scikit-learn's, within 4 standard errors, whatever the parameter", arguments: treeSizes)
    func treeSize(values: [String: ParameterValue], mean: Double, standardDeviation: Double) throws {
        let semeion = try TestData.semeion()
        let treeCount = 300
        var values = values
        values["n_estimators"] = .integer(treeCount)
        let model = try RandomForestParameters(values: ParameterValues(values)).fit(semeion, rows: Array(0..<semeion.count), seed: 1)
        let found = Double(model.payload.nodes.count) / Double(treeCount)
        #expect(abs(found - mean) < 4 * standardDeviation * (2 / Double(treeCount)).squareRoot(), "\(found)")
    }

    /// Mean accuracy over the folds of each candidate.
    private static func accuracies(
        of candidates: [RandomForestParameters], _ dataset: DigitDataset, _ folds: FoldAssignment, seed: UInt64
    ) throws -> [Double] {
        let context = EvaluationContext(dataset: dataset)
        var sums = [Double](repeating: 0, count: candidates.count)
        for fold in 0..<folds.foldCount {
            var seeds = RandomStream(seed: seed, purpose: .foldSeeds, index: fold)
            let split = TrainTestSplit(
                trainingRows: folds.trainingRows(fold: fold), testRows: folds.testRows(fold: fold), seed: seeds.next())
            for members in Dictionary(grouping: candidates.indices, by: { candidates[$0].sharingKey }).values {
                let outcomes = RandomForestParameters.evaluate(members.map { candidates[$0] }, in: context, split: split)
                for (member, outcome) in zip(members, outcomes) {
                    let digits = try outcome.predictions.get()
                    let correctCount = zip(digits, split.testRows).count { $0 == dataset.labels[$1] }
                    sums[member] += Double(correctCount) / Double(digits.count)
                }
            }
        }
        return sums.map { $0 / Double(folds.foldCount) }
    }
}
