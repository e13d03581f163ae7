import TestData
import Testing

@testable import Classifiers

/// Accuracy beside scikit-learn's on the same folds, `Tests/Fixtures/reference/sklearn-grid.json`.
@Suite("AdaBoost parity with scikit-learn", .enabled(if: TestData.semeionIsAvailable, "the Semeion data set is not here"))
struct AdaBoostParityTests {
    @Test("each of the 70 candidates is within 1.5 points")
    func accuracy() throws {
        let comparisons = try GridParity<AdaBoostParameters>.comparisons()
        #expect(comparisons.count == 70)
        for comparison in comparisons {
            print(comparison)
            #expect(abs(comparison.accuracyDifference) <= 0.015, "\(comparison)")
        }
    }
}
