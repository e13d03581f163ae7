import Digits
import Foundation
import Testing

@testable import Classifiers

struct MultinomialNaiveBayesTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 330, seed: 51)
    private static let unseen = SyntheticDigits.dataset(rowCount: 100, seed: 52)

    private func inked(_ pixels: Int...) -> Bitmap {
        pixels.reduce(into: Bitmap.blank) { $0[$1] = true }
    }

    @Test("probabilities are those of the formula, term by term", arguments: [0.1, 1, 40], [true, false])
    func probabilities(alpha: Double, fitPrior: Bool) throws {
        // Classes of different sizes, and rows that are given twice.
        let rows = (0..<330).filter { $0 % 10 < 4 || $0 < 200 } + [0, 1, 1]
        let model = try MultinomialNaiveBayesParameters(alpha: alpha, fitPrior: fitPrior).fit(
            MultinomialNaiveBayesTests.digits, rows: rows, seed: 0)
        for bitmap in MultinomialNaiveBayesTests.unseen.bitmaps {
            let joint = (0..<10).map { digit in
                let own = rows.filter { MultinomialNaiveBayesTests.digits.labels[$0] == digit }
                let counts = (0..<256).map { pixel in Double(own.count { MultinomialNaiveBayesTests.digits.bitmaps[$0][pixel] }) }
                let total = counts.reduce(0, +) + 256 * alpha
                return (0..<256).filter { bitmap[$0] }.reduce(fitPrior ? log(Double(own.count) / Double(rows.count)) : log(0.1)) {
                    $0 + log((counts[$1] + alpha) / total)
                }
            }
            let largest = joint.max() ?? 0
            let weights = joint.map { exp($0 - largest) }
            for digit in 0..<10 {
                #expect(abs(model.scores(for: bitmap)[digit] - weights[digit] / weights.reduce(0, +)) < 1e-11)
            }
            #expect(Int(model.digit(for: bitmap)) == joint.firstIndex(of: largest))
        }
    }

    @Test("a digit without ink has the priors")
    func blank() throws {
        let model = try MultinomialNaiveBayesParameters().fit(MultinomialNaiveBayesTests.digits, rows: Array(0..<15), seed: 0)
        for digit in 0..<10 { #expect(abs(model.scores(for: .blank)[digit] - (digit < 5 ? 2.0 : 1) / 15) < 1e-15) }
    }

    @Test("alpha 0 is the limit of ever smaller ones")
    func limit() throws {
        let rows = Array(0..<330)
        let zero = try MultinomialNaiveBayesParameters(alpha: 0).fit(MultinomialNaiveBayesTests.digits, rows: rows, seed: 0)
        // log alpha is -690: as good as minus infinity against all that the other pixels say.
        let tiny = try MultinomialNaiveBayesParameters(alpha: 1e-300).fit(MultinomialNaiveBayesTests.digits, rows: rows, seed: 0)
        for bitmap in MultinomialNaiveBayesTests.unseen.bitmaps + [.blank, Bitmap(words: SIMD4(repeating: .max))] {
            #expect(zero.digit(for: bitmap) == tiny.digit(for: bitmap))
            for digit in 0..<10 { #expect(abs(zero.scores(for: bitmap)[digit] - tiny.scores(for: bitmap)[digit]) < 1e-9) }
        }
    }

    @Test("with alpha 0 a digit with a pixel that it never shows is ruled out by one without")
    func impossible() throws {
        let dataset = try DigitDataset(
            name: "drops", bitmaps: [inked(0), inked(0), inked(0), inked(0, 1), .blank, .blank], labels: [2, 2, 2, 7, 9, 9])
        let model = try MultinomialNaiveBayesParameters(alpha: 0).fit(dataset, rows: Array(0..<6), seed: 0)
        // Pixel 1 is half of what digit 7 has of ink, with one row of six; digit 9, two of six, has no ink, and every pixel alike.
        #expect(abs(model.scores(for: inked(1))[7] - (1 / 2.0) / (1 / 2.0 + 2 / 256.0)) < 1e-12)
        #expect(abs(model.scores(for: inked(1))[9] - (2 / 256.0) / (1 / 2.0 + 2 / 256.0)) < 1e-12)
        #expect(model.scores(for: inked(1))[2] == 0)
    }

    @Test(
        "no alpha makes a score that is no number", arguments: [0, Double.leastNonzeroMagnitude, 1e-300, 1e300, .greatestFiniteMagnitude])
    func extremes(alpha: Double) throws {
        let model = try MultinomialNaiveBayesParameters(alpha: alpha).fit(MultinomialNaiveBayesTests.digits, rows: Array(0..<50), seed: 0)
        for bitmap in MultinomialNaiveBayesTests.unseen.bitmaps.prefix(20) {
            #expect(abs(model.scores(for: bitmap).sum - 1) < 1e-12)
        }
    }

    @Test("parameters are read by scikit-learn's names and written the same")
    func parameters() throws {
        let values = ParameterValues(["alpha": .number(0.25), "fit_prior": .bool(false)])
        #expect(try MultinomialNaiveBayesParameters(values: values) == MultinomialNaiveBayesParameters(alpha: 0.25, fitPrior: false))
        #expect(try MultinomialNaiveBayesParameters(values: values).values == values)
        #expect(try MultinomialNaiveBayesParameters(values: ParameterValues()) == MultinomialNaiveBayesParameters())
        #expect(try MultinomialNaiveBayesParameters(values: ParameterValues(["alpha": .integer(0)])).alpha == 0)
    }

    @Test(
        "parameters out of range are refused by name",
        arguments: [
            ("alpha", ParameterValue.number(-0.1)), ("alpha", .integer(-1)), ("alpha", .number(.infinity)), ("alpha", .null),
            ("fit_prior", .integer(1)),
        ])
    func refusedParameters(name: String, value: ParameterValue) {
        let error = #expect(throws: TrainingError.self) { try MultinomialNaiveBayesParameters(values: ParameterValues([name: value])) }
        guard case .invalidParameter(name, value, _)? = error else {
            Issue.record("\(name)=\(value) was refused as \(String(describing: error))")
            return
        }
    }
}
