import TestData
import Testing

@testable import Classifiers

@Suite("Decision tree parity with scikit-learn", .enabled(if: TestData.semeionIsAvailable, "the Semeion data set is not here"))
struct DecisionTreeParityTests {
    @Test("each of the 84 trees is within 4 pooled standard deviations over ten seeds, and all together within 0.5 points")
    func accuracy() async throws {
        let comparisons = try await SeededParity.comparisons(DecisionTreeParameters.self, seedCount: 10)
        #expect(comparisons.count == 84)
        for comparison in comparisons {
            print("decision-tree \(comparison), difference \(comparison.difference)")
            #expect(abs(comparison.difference) <= 4 * comparison.pooledDeviation, "\(comparison)")
        }
        let bias = comparisons.map(\.difference).reduce(0, +) / Double(comparisons.count)
        print("decision-tree: mean difference \(bias)")
        #expect(abs(bias) <= 0.005)
    }
}
