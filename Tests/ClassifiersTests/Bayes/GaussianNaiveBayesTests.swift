import Digits
import Foundation
import Testing

@testable import Classifiers

struct GaussianNaiveBayesTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 330, seed: 61)
    private static let unseen = SyntheticDigits.dataset(rowCount: 100, seed: 62)

    private func inked(_ pixels: Int...) -> Bitmap {
        pixels.reduce(into: Bitmap.blank) { $0[$1] = true }
    }

    @Test("probabilities are those of the densities, term by term", arguments: [1e-9, 1e-3, 10])
    func probabilities(varianceSmoothing: Double) throws {
        let dataset = GaussianNaiveBayesTests.digits
        let rows = (0..<330).filter { $0 % 10 < 4 || $0 < 200 } + [0, 1, 1]
        let model = try GaussianNaiveBayesParameters(varianceSmoothing: varianceSmoothing).fit(dataset, rows: rows, seed: 0)
        func variance(_ rows: [Int], _ pixel: Int) -> (mean: Double, variance: Double) {
            let mean = Double(rows.count { dataset.bitmaps[$0][pixel] }) / Double(rows.count)
            return (mean, rows.reduce(0) { $0 + pow((dataset.bitmaps[$1][pixel] ? 1 : 0) - mean, 2) } / Double(rows.count))
        }
        let epsilon = varianceSmoothing * (0..<256).map { variance(rows, $0).variance }.reduce(0, max)
        let rowsOfDigit = (0..<10).map { digit in rows.filter { dataset.labels[$0] == digit } }
        let densities = rowsOfDigit.map { own in (0..<256).map { variance(own, $0) } }
        for bitmap in GaussianNaiveBayesTests.unseen.bitmaps + dataset.bitmaps.prefix(20) {
            let joint = (0..<10).map { digit in
                (0..<256).reduce(log(Double(rowsOfDigit[digit].count) / Double(rows.count))) { sum, pixel in
                    let (mean, variance) = densities[digit][pixel]
                    let distance = (bitmap[pixel] ? 1 : 0) - mean
                    return sum - (log(2 * .pi * (variance + epsilon)) + distance * distance / (variance + epsilon)) / 2
                }
            }
            let largest = joint.max() ?? 0
            let weights = joint.map { exp($0 - largest) }
            for digit in 0..<10 {
                // The plain sum reaches 1e11, of which doubles keep 1e-5.
                #expect(abs(model.scores(for: bitmap)[digit] - weights[digit] / weights.reduce(0, +)) < 1e-4)
            }
        }
    }

    @Test("what decides between equally impossible digits is not lost in what they cost", arguments: [1e-9, 1e-15, 1e-200, 1e-300])
    func cancellation(varianceSmoothing: Double) throws {
        // Pixels 10 to 12 never vary; pixel 0 is set in three of four rows of digit 1, and in one of four of digit 6.
        let dataset = try DigitDataset(
            name: "cancelling",
            bitmaps: [inked(0, 10), inked(0, 10), inked(0, 10), inked(10), inked(0, 11), inked(11), inked(11), inked(11)],
            labels: [1, 1, 1, 1, 6, 6, 6, 6])
        let model = try GaussianNaiveBayesParameters(varianceSmoothing: varianceSmoothing).fit(dataset, rows: Array(0..<8), seed: 0)
        // Variance 3/16 for both: the densities at 1 are as exp(-(1/4)^2 / (3/8)) to exp(-(3/4)^2 / (3/8)).
        let expected = 1 / (1 + exp(-(0.5625 - 0.0625) / 0.375))
        #expect(abs(model.scores(for: inked(0, 12))[1] - expected) < 1e-8)
        #expect(abs(model.scores(for: inked(12))[6] - expected) < 1e-8)
        #expect(abs(model.scores(for: inked(0, 10, 11))[1] - expected) < 1e-8)
        // One impossible pixel less outweighs all that the others say.
        #expect(model.scores(for: inked(10, 12))[1] == 1)
        #expect(model.scores(for: inked(0, 11))[6] == 1)
    }

    @Test("rows that are all alike leave the priors")
    func alike() throws {
        let dataset = try DigitDataset(name: "alike", bitmaps: Array(repeating: inked(3, 4), count: 4), labels: [0, 5, 5, 5])
        let model = try GaussianNaiveBayesParameters().fit(dataset, rows: Array(0..<4), seed: 0)
        for bitmap in [.blank, inked(3, 4), inked(200)] { #expect(abs(model.scores(for: bitmap)[5] - 0.75) < 1e-12) }
    }

    @Test(
        "no smoothing makes a score that is no number", arguments: [Double.leastNonzeroMagnitude, 1e-300, 1e300, .greatestFiniteMagnitude])
    func extremes(varianceSmoothing: Double) throws {
        let model = try GaussianNaiveBayesParameters(varianceSmoothing: varianceSmoothing).fit(
            GaussianNaiveBayesTests.digits, rows: Array(0..<50), seed: 0)
        for bitmap in GaussianNaiveBayesTests.unseen.bitmaps.prefix(20) {
            #expect(abs(model.scores(for: bitmap).sum - 1) < 1e-12)
        }
    }

    @Test("parameters are read by scikit-learn's names and written the same")
    func parameters() throws {
        let values = ParameterValues(["var_smoothing": .number(1e-6)])
        #expect(try GaussianNaiveBayesParameters(values: values) == GaussianNaiveBayesParameters(varianceSmoothing: 1e-6))
        #expect(try GaussianNaiveBayesParameters(values: values).values == values)
        #expect(try GaussianNaiveBayesParameters(values: ParameterValues()) == GaussianNaiveBayesParameters())
    }

    @Test("parameters out of range are refused by name", arguments: [ParameterValue.integer(0), .number(-1), .text("small")])
    func refusedParameters(value: ParameterValue) {
        #expect(
            throws: TrainingError.invalidParameter(name: "var_smoothing", found: value, expected: "a number greater than 0")
        ) { try GaussianNaiveBayesParameters(values: ParameterValues(["var_smoothing": value])) }
    }
}
