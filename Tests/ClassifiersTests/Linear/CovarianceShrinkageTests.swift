import Digits
import Foundation
import TestData
import Testing

@testable import Classifiers

@Suite("Shrinkage of linear discriminant analysis")
struct CovarianceShrinkageTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 300, seed: 61)
    private static let rows = Array(0..<digits.count)

    @Test("parameters are read by scikit-learn's names and written the same, and no shrinkage is not written")
    func parameters() throws {
        for (value, shrinkage) in [
            (ParameterValue.text("auto"), CovarianceShrinkage.ledoitWolf), (.number(0.25), .number(0.25)), (.integer(0), .number(0)),
            (.integer(1), .number(1)),
        ] {
            let values = ParameterValues(["solver": .text("lsqr"), "shrinkage": value])
            let parameters = try LinearDiscriminantParameters(values: values)
            #expect(parameters == LinearDiscriminantParameters(solver: .lsqr, shrinkage: shrinkage))
            #expect(parameters.values["shrinkage"] == value)
            #expect(try LinearDiscriminantParameters(values: parameters.values) == parameters)
        }
        #expect(try LinearDiscriminantParameters(values: ParameterValues(["shrinkage": .null])) == LinearDiscriminantParameters())
        #expect(LinearDiscriminantParameters().values.names == ["n_components", "solver", "tol"])
    }

    @Test(
        "what is no share is refused, and so is the solver that cannot shrink",
        arguments: [
            ("eigen", ParameterValue.number(1.1)), ("eigen", .number(-0.1)), ("eigen", .integer(2)), ("eigen", .text("empirical")),
            ("svd", .text("auto")), ("svd", .number(0.1)),
        ])
    func refused(solver: String, value: ParameterValue) {
        let error = #expect(throws: TrainingError.self) {
            try LinearDiscriminantParameters(values: ParameterValues(["solver": .text(solver), "shrinkage": value]))
        }
        guard case .invalidParameter("shrinkage", value, _)? = error else {
            Issue.record("refused as \(String(describing: error))")
            return
        }
    }

    @Test("a shrinkage of 0 changes nothing, and one of 1 leaves a multiple of one")
    func extremes() throws {
        let plain = try LinearDiscriminantParameters(solver: .lsqr).fit(Self.digits, rows: Self.rows, seed: 0)
        let zero = try LinearDiscriminantParameters(solver: .lsqr, shrinkage: .number(0)).fit(Self.digits, rows: Self.rows, seed: 0)
        for bitmap in Self.digits.bitmaps.prefix(50) {
            for (found, expected) in zip(zero.scores(for: bitmap).values, plain.scores(for: bitmap).values) {
                #expect(abs(found - expected) < 1e-9)
            }
        }
        let covariance = CovarianceShrinkage.number(1).covariance(of: Self.digits.bitmaps)
        let variance = (0..<256).reduce(0) { sum, pixel in
            let mean = Double(Self.digits.bitmaps.count { $0[pixel] }) / Double(Self.digits.count)
            return sum + mean * (1 - mean) / 256
        }
        let differences = covariance.enumerated().map { abs($1 - ($0 % 257 == 0 ? variance : 0)) }
        #expect(differences.allSatisfy { $0 < 1e-12 })
    }

    @Test("with any shrinkage few rows are enough, for eigen too, and pixels that never vary do no harm", arguments: [0.2, 0.5])
    func fewRows(share: Double) throws {
        for shrinkage in [CovarianceShrinkage.number(share), .ledoitWolf] {
            for solver in [LinearDiscriminantParameters.Solver.lsqr, .eigen] {
                let model = try LinearDiscriminantParameters(solver: solver, shrinkage: shrinkage)
                    .fit(Self.digits, rows: Array(0..<120), seed: 0)
                let others = 120..<300
                let correctCount = others.count { model.digit(for: Self.digits.bitmaps[$0]) == Self.digits.labels[$0] }
                #expect(correctCount > others.count * 3 / 4, "\(solver) \(shrinkage): \(correctCount)")
            }
        }
    }

    @Test("the directions of eigen vary by one within classes, and both solvers give the same probabilities")
    func transform() throws {
        let shrinkage = CovarianceShrinkage.number(0.2)
        let eigen = try LinearDiscriminantParameters(solver: .eigen, componentCount: 5, shrinkage: shrinkage)
            .fit(Self.digits, rows: Self.rows, seed: 0)
        let lsqr = try LinearDiscriminantParameters(solver: .lsqr, shrinkage: shrinkage).fit(Self.digits, rows: Self.rows, seed: 0)
        #expect(eigen.componentCount == 5)
        #expect(lsqr.componentCount == 0)
        let covariance = try shrinkage.covarianceWithinClasses(RowsByClass(Self.digits, rows: Self.rows))
        let scalings = eigen.payload.scalings
        for first in 0..<5 {
            for second in 0..<5 {
                var product = 0.0
                for row in 0..<256 {
                    for column in 0..<256 {
                        product += scalings[first * 256 + row] * covariance[row * 256 + column] * scalings[second * 256 + column]
                    }
                }
                #expect(abs(product - (first == second ? 1 : 0)) < 1e-9)
            }
        }
        for bitmap in Self.digits.bitmaps.prefix(50) { #expect(eigen.scores(for: bitmap) == lsqr.scores(for: bitmap)) }
    }

    @Test("candidates that shrink and ones that do not, evaluated together, answer as each fitted alone")
    func together() throws {
        let candidates = [
            LinearDiscriminantParameters(), LinearDiscriminantParameters(solver: .lsqr, shrinkage: .ledoitWolf),
            LinearDiscriminantParameters(solver: .eigen, shrinkage: .number(0.3)),
            LinearDiscriminantParameters(solver: .eigen, componentCount: 2, shrinkage: .number(0.3)),
            LinearDiscriminantParameters(solver: .lsqr), LinearDiscriminantParameters(solver: .lsqr, shrinkage: .number(0.1)),
        ]
        let split = TrainTestSplit(trainingRows: Array(0..<200), testRows: Array(200..<300), seed: 0)
        SeparateFits.expectEqual(toSharedEvaluationOf: candidates, on: Self.digits, split: split)
        SeparateFits.expectEqual(toSharedEvaluationOf: Array(candidates[1...3]), on: Self.digits, split: split)
    }
}

/// Numbers of scikit-learn 1.9.1, of an unbalanced part of Semeion in which no class has as many rows as there are pixels.
@Suite("Parity of shrunk discriminants with scikit-learn", .enabled(if: TestData.semeionIsAvailable, "the Semeion data set is not here"))
struct CovarianceShrinkageParityTests {
    private let semeion: DigitDataset
    private let reference: Reference

    init() throws {
        semeion = try TestData.semeion()
        reference = try JSONDecoder().decode(Reference.self, from: Data(TestData.fixture("reference/sklearn-fits.json")))
    }

    @Test("each class is shrunk by as much")
    func shares() throws {
        let rows = try RowsByClass(semeion, rows: reference.trainingRows)
        #expect(reference.ledoitWolf.count == 10)
        for (position, expected) in reference.ledoitWolf.enumerated() {
            let bitmaps = Array(rows.bitmaps[rows.range(ofClass: position)])
            let scatter = PixelScatter(bitmaps)
            let covariance = scatter.withinClasses().map { $0 / scatter.rowCount }
            let deviations = (0..<256).map { covariance[$0 * 257] > 0 ? covariance[$0 * 257].squareRoot() : 1 }
            let correlation = covariance.indices.map { covariance[$0] / (deviations[$0 / 256] * deviations[$0 % 256]) }
            let found = CovarianceShrinkage.ledoitWolfShare(bitmaps, scatter: scatter, correlation: correlation)
            #expect(abs(found - expected) < 1e-8)
        }
    }

    @Test("answers, probabilities and transforms are the same", arguments: 0..<5)
    func fits(index: Int) throws {
        let expected = reference.discriminants[index]
        let model = try LinearDiscriminantParameters(values: ParameterValues(expected.params))
            .fit(semeion, rows: reference.trainingRows, seed: 0)
        let digits = semeion.bitmaps.map { model.digit(for: $0) }
        #expect(digits == expected.predictions.utf8.map { $0 - UInt8(ascii: "0") })
        #expect(expected.probabilityRows.count == 5)
        for (row, probabilities) in zip(expected.probabilityRows, expected.probabilities) {
            for (found, number) in zip(model.scores(for: semeion.bitmaps[row]).values, probabilities) {
                #expect(abs(found - number) < 1e-7)
            }
        }
        #expect((expected.transformMagnitudes == nil) == (model.parameters.solver == .lsqr))
        for (row, magnitudes) in zip(expected.probabilityRows, expected.transformMagnitudes ?? []) {
            let found = model.transform(semeion.bitmaps[row])
            #expect(found.count == magnitudes.count)
            for (number, magnitude) in zip(found, magnitudes) { #expect(abs(abs(number) - magnitude) < 1e-5) }
        }
    }

    @Test("each of the eight candidates on ten folds is within 2 of 1593 digits")
    func grid() throws {
        let comparisons = try GridParity<LinearDiscriminantParameters>.comparisons(in: "sklearn-beyond.json")
        #expect(comparisons.count == 8)
        for comparison in comparisons { #expect(abs(comparison.difference) <= 2, "\(comparison)") }
    }

    private struct Reference: Decodable {
        struct Fit: Decodable {
            let params: [String: ParameterValue]
            let predictions: String
            let probabilityRows: [Int]
            let probabilities: [[Double]]
            let transformMagnitudes: [[Double]]?

            enum CodingKeys: String, CodingKey {
                case params, predictions, probabilities
                case probabilityRows = "probability_rows"
                case transformMagnitudes = "transform_magnitudes"
            }
        }

        let trainingRows: [Int]
        let ledoitWolf: [Double]
        let discriminants: [Fit]

        enum CodingKeys: String, CodingKey {
            case discriminants
            case trainingRows = "training_rows"
            case ledoitWolf = "ledoit_wolf"
        }
    }
}
