import Foundation
import TestData
import Testing

@testable import Classifiers

/// Accuracy beside scikit-learn's on the same folds, `Tests/Fixtures/reference/sklearn-grid.json`.
@Suite("AdaBoost parity with scikit-learn", .enabled(if: TestData.semeionIsAvailable, "the Semeion data set is not here"))
struct AdaBoostParityTests {
    private struct Reference: Decodable {
        let results: [Result]

        struct Result: Decodable {
            let classifier: String
            let params: [String: ParameterValue]
            let accuracy: Double

            enum CodingKeys: String, CodingKey {
                case classifier, params
                case accuracy = "mean_accuracy"
            }
        }
    }

    @Test("each of the 70 candidates is within 1.5 points")
    func accuracy() throws {
        let reference = try JSONDecoder().decode(Reference.self, from: Data(TestData.fixture("reference/sklearn-grid.json")))
            .results.filter { $0.classifier == "adaboost" }
        #expect(reference.count == 70)
        let candidates = try reference.map { try AdaBoostParameters(values: ParameterValues($0.params)) }
        let accuracies = try SeededParity.accuracies(of: candidates, TestData.semeion(), TestData.referenceFolds(), seed: 0)
        for ((candidate, found), expected) in zip(zip(candidates, accuracies), reference) {
            print("adaboost \(candidate.values): \(found), scikit-learn \(expected.accuracy), difference \(found - expected.accuracy)")
            #expect(abs(found - expected.accuracy) <= 0.015, "\(candidate.values): \(found), scikit-learn \(expected.accuracy)")
        }
    }
}
