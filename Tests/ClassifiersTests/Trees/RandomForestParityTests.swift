import TestData
import Testing

@testable import Classifiers

@Suite("Forest parity with scikit-learn", .enabled(if: TestData.semeionIsAvailable, "the Semeion data set is not here"))
struct RandomForestParityTests {
    @Test("each of the 16 distinct forests is within 4 pooled standard deviations, and all together within 0.3 points")
    func accuracy() async throws {
        let comparisons = try await SeededParity.comparisons(RandomForestParameters.self, seedCount: 4)
        #expect(comparisons.count == 16)
        for comparison in comparisons {
            #expect(abs(comparison.difference) <= 4 * comparison.pooledDeviation, "\(comparison)")
        }
        #expect(abs(comparisons.map(\.difference).reduce(0, +) / Double(comparisons.count)) <= 0.003)
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
}
