import TestData
import Testing

@testable import Classifiers

/// Accuracy beside scikit-learn's on the same folds.
@Suite("Naive Bayes parity with scikit-learn", .enabled(if: TestData.semeionIsAvailable, "the Semeion data set is not here"))
struct NaiveBayesParityTests {
    @Test("multinomial naive Bayes is within 2 of 1593 digits for each alpha")
    func multinomial() throws {
        let comparisons = try GridParity<MultinomialNaiveBayesParameters>.comparisons()
        #expect(comparisons.count == 3)
        for comparison in comparisons {
            print(comparison)
            #expect(abs(comparison.difference) <= 2, "\(comparison)")
        }
    }

    @Test("Bernoulli naive Bayes answers as scikit-learn's in every fold")
    func bernoulli() throws {
        let comparisons = try GridParity<BernoulliNaiveBayesParameters>.comparisons(in: "sklearn-beyond.json")
        #expect(comparisons.count == 8)
        for comparison in comparisons { #expect(comparison.found == comparison.expected, "\(comparison)") }
    }

    @Test("Gaussian naive Bayes is within 2 of 1593 digits")
    func gaussian() throws {
        let comparisons = try GridParity<GaussianNaiveBayesParameters>.comparisons()
        #expect(comparisons.count == 1)
        for comparison in comparisons {
            print(comparison)
            #expect(abs(comparison.difference) <= 2, "\(comparison)")
        }
    }
}
