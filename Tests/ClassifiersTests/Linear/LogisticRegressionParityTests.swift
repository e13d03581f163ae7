import TestData
import Testing

@testable import Classifiers

/// Accuracy beside scikit-learn's on the same folds.
@Suite("Logistic regression parity with scikit-learn", .enabled(if: TestData.semeionIsAvailable, "the Semeion data set is not here"))
struct LogisticRegressionParityTests {
    @Test("each C is within 2 of 1593 digits")
    func accuracy() throws {
        let comparisons = try GridParity<LogisticRegressionParameters>.comparisons()
        #expect(comparisons.count == 4)
        for comparison in comparisons {
            print(comparison)
            #expect(abs(comparison.difference) <= 2, "\(comparison)")
        }
    }

    @Test("the tolerance answers every digit as the exact solution does", arguments: [0.1, 1, 10, 100])
    func exact(c: Double) throws {
        let semeion = try TestData.semeion()
        let folds = try TestData.referenceFolds()
        for fold in [0, 5] {
            let rows = folds.trainingRows(fold: fold)
            let usual = try LogisticRegressionParameters(c: c).fit(semeion, rows: rows, seed: 0)
            let exact = try LogisticRegressionParameters(c: c, tolerance: 1e-9).fit(semeion, rows: rows, seed: 0)
            for row in folds.testRows(fold: fold) {
                #expect(usual.digit(for: semeion.bitmaps[row]) == exact.digit(for: semeion.bitmaps[row]), "row \(row)")
            }
        }
    }
}
