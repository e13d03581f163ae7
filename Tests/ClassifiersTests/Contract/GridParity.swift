import Digits
import Foundation
import TestData

@testable import Classifiers

/// Correct digits of each candidate in each fold, beside those of scikit-learn's grid searches on Semeion: the study's,
/// `Tests/Fixtures/reference/sklearn-grid.json`, and what the study did not have, `sklearn-beyond.json`.
struct GridParity<Parameters: ClassifierParameters> {
    struct Comparison: CustomStringConvertible {
        let parameters: Parameters
        /// Correct digits, a number a fold.
        let found: [Int]
        let expected: [Int]
        /// Test rows, a number a fold.
        let rowCounts: [Int]

        /// In all folds together.
        var difference: Int { found.reduce(0, +) - expected.reduce(0, +) }

        /// Of the means of the folds' accuracies.
        var accuracyDifference: Double {
            zip(zip(found, expected), rowCounts).reduce(0) { $0 + Double($1.0.0 - $1.0.1) / Double($1.1) } / Double(rowCounts.count)
        }

        var description: String {
            "\(Parameters.classifier.rawValue) \(parameters.values): \(found.reduce(0, +)) correct, "
                + "scikit-learn \(expected.reduce(0, +)), difference \(difference), by fold \(zip(found, expected).map { $0 - $1 })"
        }
    }

    private struct File: Decodable {
        let results: [Result]

        struct Result: Decodable {
            let classifier: String
            let params: [String: ParameterValue]
            let foldAccuracy: [Double]

            enum CodingKeys: String, CodingKey {
                case classifier, params
                case foldAccuracy = "fold_accuracy"
            }
        }
    }

    /// Candidates of the classifier, evaluated on the folds of the reference.
    ///
    /// - Parameter isWanted: which of them.
    static func comparisons(
        in file: String = "sklearn-grid.json", where isWanted: (Parameters) -> Bool = { _ in true }
    ) throws -> [Comparison] {
        let reference = try JSONDecoder().decode(File.self, from: Data(TestData.fixture("reference/\(file)")))
            .results.filter {
                try $0.classifier == Parameters.classifier.rawValue && isWanted(Parameters(values: ParameterValues($0.params)))
            }
        let candidates = try reference.map { try Parameters(values: ParameterValues($0.params)) }
        let semeion = try TestData.semeion()
        let folds = try TestData.referenceFolds()
        let context = EvaluationContext(dataset: semeion)
        var found = [[Int]](repeating: [Int](repeating: 0, count: folds.foldCount), count: candidates.count)
        for fold in 0..<folds.foldCount {
            let split = TrainTestSplit(trainingRows: folds.trainingRows(fold: fold), testRows: folds.testRows(fold: fold), seed: 0)
            for members in Dictionary(grouping: candidates.indices, by: { candidates[$0].sharingKey }).values {
                let outcomes = Parameters.evaluate(members.map { candidates[$0] }, in: context, split: split)
                for (member, outcome) in zip(members, outcomes) {
                    found[member][fold] = zip(try outcome.predictions.get().digits, split.testRows).count { $0 == semeion.labels[$1] }
                }
            }
        }
        return candidates.indices.map { index in
            let expected = (0..<folds.foldCount).map { fold in
                Int((reference[index].foldAccuracy[fold] * Double(folds.testRows(fold: fold).count)).rounded())
            }
            return Comparison(
                parameters: candidates[index], found: found[index], expected: expected,
                rowCounts: (0..<folds.foldCount).map { folds.testRows(fold: $0).count })
        }
    }
}
