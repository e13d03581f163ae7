import Digits
import Foundation
import TestData
import Testing

@testable import Classifiers

/// The numbers of scikit-learn 1.9.1 in `Tests/Fixtures/reference`.
///
/// LIBSVM's solver and this one take the same steps where rounding allows, so that agreement is far closer than the tolerance
/// of 1e-3 promises; the bounds here are those that the design sets.
@Suite("SVM parity with scikit-learn", .enabled(if: TestData.semeionIsAvailable, "the Semeion data set is not here"))
struct SVMParityTests {
    let semeion: DigitDataset
    let folds: FoldAssignment

    init() throws {
        semeion = try TestData.semeion()
        folds = try TestData.referenceFolds()
    }

    @Test("all 48 candidates are within 2 of 1593 digits of scikit-learn's grid search")
    func gridAccuracy() throws {
        let comparisons = try GridParity<SVMParameters>.comparisons()
        #expect(comparisons.count == 48)
        // Nine of kernel and gamma, and one for all linear candidates.
        #expect(Set(comparisons.map(\.parameters.sharingKey)).count == 10)
        for comparison in comparisons { #expect(abs(comparison.difference) <= 2, "\(comparison)") }
    }

    @Test("coarse and fine tolerances are within 2 of 1593 digits")
    func tolerances() throws {
        let comparisons = try GridParity<SVMParameters>.comparisons(in: "sklearn-beyond.json") {
            $0.tolerance != SVMParameters.standardTolerance
        }
        #expect(comparisons.count == 4)
        for comparison in comparisons { #expect(abs(comparison.difference) <= 2, "\(comparison)") }
    }

    @Test("degrees, coef0, balanced weights and broken ties are within 2 of 1593 digits")
    func kernelsWeightsAndTies() throws {
        let comparisons = try GridParity<SVMParameters>.comparisons(in: "sklearn-beyond.json") {
            $0.tolerance == SVMParameters.standardTolerance
        }
        #expect(comparisons.count == 16)
        for comparison in comparisons { #expect(abs(comparison.difference) <= 2, "\(comparison)") }
    }

    @Test("SVMs fitted on few rows of some digits and many of others have scikit-learn's machines", arguments: 0..<7)
    func unbalancedRows(index: Int) throws {
        let reference = try decoded("reference/sklearn-fits.json", as: ReferenceFits.self)
        let expected = reference.svm[index]
        let model = try SVMParameters(values: ParameterValues(expected.params)).fit(semeion, rows: reference.trainingRows, seed: 0)
        let found = model.payload
        #expect(zip(found.supportCounts, expected.supportCount).allSatisfy { abs($0 - $1) <= 1 }, "\(found.supportCounts)")
        for (found, expected) in zip(found.intercepts, expected.intercept) { #expect(abs(found - expected) < 1e-2) }
        let digits = semeion.bitmaps.map { model.digit(for: $0) }
        let expectedDigits = expected.predictions.utf8.map { $0 - UInt8(ascii: "0") }
        #expect(zip(digits, expectedDigits).count { $0 != $1 } <= 2)
    }

    @Test("four SVMs have scikit-learn's support vectors, intercepts, decision values and out-of-fold predictions", arguments: 0..<4)
    func details(index: Int) throws {
        let reference = try decoded("reference/sklearn-details.json", as: ReferenceDetails.self).svm[index]
        let parameters = SVMParameters(
            c: reference.c, kernel: try #require(SVMKernel(rawValue: reference.kernel)), gamma: .value(reference.gamma))
        let model = try parameters.fit(semeion, rows: Array(0..<semeion.count), seed: 0)

        #expect(model.trainingReport.converged)
        #expect(model.payload.supportCounts == reference.supportCount)
        for (found, expected) in zip(model.payload.intercepts, reference.intercept) { #expect(abs(found - expected) < 1e-2) }
        #expect(reference.decisionRows.count == reference.decisions.count && !reference.decisions.isEmpty)
        for (row, expected) in zip(reference.decisionRows, reference.decisions) {
            let found = model.decisionValues(for: semeion.bitmaps[row])
            #expect(found.count == 45 && expected.count == 45)
            for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-2) }
        }

        let context = EvaluationContext(dataset: semeion)
        var differingCount = 0
        for fold in 0..<folds.foldCount {
            let split = split(fold: fold)
            let digits = try SVMParameters.evaluate([parameters], in: context, split: split)[0].predictions.get().digits
            differingCount += zip(digits, split.testRows).count { $0 != reference.outOfFoldPredictions[$1] }
        }
        #expect(differingCount <= 2)
    }

    @Test("the study's best SVM is 96.1 % accurate, and its probabilities know where it errs")
    func bestOfTheStudy() throws {
        let parameters = SVMParameters(c: 10, kernel: .rbf, gamma: .value(0.03))
        var correctCount = 0
        var logLoss = 0.0
        for fold in 0..<3 {
            let split = split(fold: fold)
            let model = try parameters.fit(semeion, rows: split.trainingRows, seed: 1)
            for row in split.testRows {
                let prediction = model.prediction(for: semeion.bitmaps[row])
                if prediction.digit == semeion.labels[row] { correctCount += 1 }
                logLoss -= Foundation.log(prediction.probabilities[Int(semeion.labels[row])])
            }
        }
        let rowCount = (0..<3).reduce(0) { $0 + folds.testRows(fold: $1).count }
        #expect(Double(correctCount) / Double(rowCount) > 0.95)
        // A classifier that gave the digit it answers 96 % always and shared the rest would have 0.25.
        #expect(logLoss / Double(rowCount) < 0.2)
    }

    private func split(fold: Int) -> TrainTestSplit {
        TrainTestSplit(trainingRows: folds.trainingRows(fold: fold), testRows: folds.testRows(fold: fold), seed: 0)
    }

    private func decoded<Content: Decodable>(_ path: String, as type: Content.Type) throws -> Content {
        try JSONDecoder().decode(type, from: Data(TestData.fixture(path)))
    }
}

private struct ReferenceFits: Decodable {
    struct Machine: Decodable {
        let params: [String: ParameterValue]
        let supportCount: [Int]
        let intercept: [Double]
        let predictions: String

        enum CodingKeys: String, CodingKey {
            case params, intercept, predictions
            case supportCount = "support_count"
        }
    }

    let trainingRows: [Int]
    let svm: [Machine]

    enum CodingKeys: String, CodingKey {
        case svm
        case trainingRows = "training_rows"
    }
}

private struct ReferenceDetails: Decodable {
    struct Machine: Decodable {
        let kernel: String
        let c: Double
        let gamma: Double
        let supportCount: [Int]
        let intercept: [Double]
        let decisionRows: [Int]
        let decisions: [[Double]]
        let outOfFoldPredictions: [UInt8]

        enum CodingKeys: String, CodingKey {
            case kernel, gamma, intercept
            case c = "C"
            case supportCount = "support_count"
            case decisionRows = "decision_ovo_rows"
            case decisions = "decision_ovo"
            case outOfFold = "out_of_fold_prediction"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            kernel = try container.decode(String.self, forKey: .kernel)
            c = try container.decode(Double.self, forKey: .c)
            gamma = try container.decode(Double.self, forKey: .gamma)
            supportCount = try container.decode([Int].self, forKey: .supportCount)
            intercept = try container.decode([Double].self, forKey: .intercept)
            decisionRows = try container.decode([Int].self, forKey: .decisionRows)
            decisions = try container.decode([[Double]].self, forKey: .decisions)
            outOfFoldPredictions = try container.decode(String.self, forKey: .outOfFold).utf8.map { $0 - UInt8(ascii: "0") }
        }
    }

    let svm: [Machine]
}
