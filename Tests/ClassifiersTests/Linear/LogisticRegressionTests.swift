import Digits
import Foundation
import TestData
import Testing

@testable import Classifiers

struct LogisticRegressionTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 260, seed: 61)
    private static let unseen = SyntheticDigits.dataset(rowCount: 60, seed: 62)

    private func norm(_ vector: [Double]) -> Double { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    private func point(_ payload: LinearPayload, _ position: Int) -> [Double] {
        payload.weights[(position * 256)..<(position * 256 + 256)] + [payload.intercepts[position]]
    }

    private func machine(_ dataset: DigitDataset, _ rows: [Int], digit: UInt8, c: Double) -> NaiveLogisticRegression {
        NaiveLogisticRegression(
            rows.map { dataset.bitmaps[$0] }, targets: rows.map { dataset.labels[$0] == digit ? 1 : -1 }, c: c)
    }

    @Test("weights and intercepts are those of Newton's method with numbers and whole Hessians", arguments: [0.1, 1, 30])
    func naive(c: Double) throws {
        // Few pixels, so that the textbook's elimination is quick and the classes overlap.
        let pixels = (0..<256).filter { $0 % 9 == 4 }
        let bitmaps = LogisticRegressionTests.digits.bitmaps.map { whole in
            pixels.reduce(into: Bitmap.blank) { $0[$1] = whole[$1] }
        }
        let dataset = try DigitDataset(name: "pixels", bitmaps: bitmaps, labels: LogisticRegressionTests.digits.labels)
        // A row that is given twice counts twice; 7 digits, of different frequency.
        let rows = (0..<dataset.count).filter { dataset.labels[$0] < 6 || (dataset.labels[$0] == 8 && $0 < 90) } + [0, 1, 1]
        let model = try LogisticRegressionParameters(c: c, tolerance: 1e-9).fit(dataset, rows: rows, seed: 0)
        #expect(model.classes == [0, 1, 2, 3, 4, 5, 8])
        for (position, digit) in model.classes.enumerated() {
            let naive = NaiveLogisticRegression(
                rows.map { bitmaps[$0] }, targets: rows.map { dataset.labels[$0] == digit ? 1 : -1 }, c: c, pixels: pixels)
            let expected = naive.solution()
            let found = point(model.payload, position)
            for (feature, pixel) in (pixels + [256]).enumerated() {
                #expect(abs(found[pixel] - expected[feature]) < 1e-7 * (1 + abs(expected[feature])), "digit \(digit), pixel \(pixel)")
            }
            for pixel in 0..<256 where !pixels.contains(pixel) { #expect(found[pixel] == 0) }
        }
    }

    @Test("the gradient is zero at the solution of every machine", arguments: [0.1, 1, 10, 100])
    func stationary(c: Double) throws {
        let rows = Array(0..<230)
        let model = try LogisticRegressionParameters(c: c, tolerance: 1e-9).fit(LogisticRegressionTests.digits, rows: rows, seed: 0)
        #expect(model.trainingReport.converged)
        for (position, digit) in model.classes.enumerated() {
            let naive = machine(LogisticRegressionTests.digits, rows, digit: digit, c: c)
            let start = norm(naive.gradient([Double](repeating: 0, count: 257)))
            #expect(norm(naive.gradient(point(model.payload, position))) < 1e-9 * start, "digit \(digit)")
        }
    }

    @Test("every machine ends by LIBLINEAR's rule for the tolerance", arguments: [1e-2, 1e-4])
    func tolerance(tolerance: Double) throws {
        let rows = Array(0..<260)
        let model = try LogisticRegressionParameters(c: 10, tolerance: tolerance).fit(LogisticRegressionTests.digits, rows: rows, seed: 0)
        for (position, digit) in model.classes.enumerated() {
            let naive = machine(LogisticRegressionTests.digits, rows, digit: digit, c: 10)
            let rarer = Double(naive.targets.count { $0 > 0 }) / Double(rows.count)
            let start = norm(naive.gradient([Double](repeating: 0, count: 257)))
            #expect(norm(naive.gradient(point(model.payload, position))) <= tolerance * rarer * start * 1.000_001)
        }
    }

    @Test("doubling every row is doubling C")
    func doubledRows() throws {
        let rows = Array(0..<200)
        let doubled = try LogisticRegressionParameters(c: 0.5, tolerance: 1e-9).fit(
            LogisticRegressionTests.digits, rows: rows + rows, seed: 0)
        let single = try LogisticRegressionParameters(c: 1, tolerance: 1e-9).fit(LogisticRegressionTests.digits, rows: rows, seed: 0)
        for (found, expected) in zip(doubled.payload.weights, single.payload.weights) { #expect(abs(found - expected) < 1e-7) }
    }

    @Test("probabilities are the sigmoids of the decision values, made to sum to one")
    func probabilities() throws {
        let model = try LogisticRegressionParameters(c: 3).fit(
            LogisticRegressionTests.digits, rows: (0..<260).filter { $0 % 10 != 4 }, seed: 0)
        for bitmap in LogisticRegressionTests.unseen.bitmaps {
            let decisions = model.classes.indices.map { position in
                (0..<256).reduce(model.payload.intercepts[position]) {
                    $0 + (bitmap[$1] ? model.payload.weights[position * 256 + $1] : 0)
                }
            }
            let sigmoids = decisions.map { 1 / (1 + exp(-$0)) }
            let prediction = model.prediction(for: bitmap)
            for (position, digit) in model.classes.enumerated() {
                #expect(abs(model.decisionValues(for: bitmap)[position] - decisions[position]) < 1e-12)
                #expect(abs(prediction.probabilities[Int(digit)] - sigmoids[position] / sigmoids.reduce(0, +)) < 1e-12)
            }
            for digit in UInt8(0)..<10 where !model.classes.contains(digit) { #expect(prediction.probabilities[Int(digit)] == 0) }
            let best = decisions.indices.reduce(0) { decisions[$1] > decisions[$0] ? $1 : $0 }
            #expect(prediction.digit == model.classes[best])
            #expect(model.digit(for: bitmap) == prediction.digit)
        }
    }

    @Test("machines that are all sure of another digit share out the probability by their odds")
    func farBelow() throws {
        let payload = LinearPayload(weights: [Double](repeating: 0, count: 512), intercepts: [-2000, -2001])
        let model = try LogisticRegressionModel(
            parameters: LogisticRegressionParameters(), classes: [3, 7], trainingReport: TrainingReport(), payload: payload)
        let prediction = model.prediction(for: .blank)
        #expect(prediction.digit == 3)
        #expect(abs(prediction.confidence - exp(1) / (1 + exp(1))) < 1e-12)
    }

    @Test("of two digits the machines are each other's mirror images, with the probabilities of one machine")
    func twoClasses() throws {
        let rows = (0..<260).filter { [2, 7].contains(LogisticRegressionTests.digits.labels[$0]) }
        let model = try LogisticRegressionParameters(tolerance: 1e-9).fit(LogisticRegressionTests.digits, rows: rows, seed: 0)
        for (first, second) in zip(point(model.payload, 0), point(model.payload, 1)) { #expect(abs(first + second) < 1e-9) }
        for bitmap in LogisticRegressionTests.unseen.bitmaps {
            let decision = model.decisionValues(for: bitmap)[1]
            #expect(abs(model.scores(for: bitmap)[7] - 1 / (1 + exp(-decision))) < 1e-9)
        }
    }

    @Test("too few iterations are reported, and the model predicts all the same")
    func unconverged() throws {
        let rows = Array(0..<260)
        let short = try LogisticRegressionParameters(c: 100, iterationLimit: 2).fit(LogisticRegressionTests.digits, rows: rows, seed: 0)
        #expect(!short.trainingReport.converged)
        #expect(short.trainingReport.measures["unconverged_machines"] == 10)
        #expect(short.trainingReport.measures["iterations"] == 20)
        #expect(
            rows.count { short.digit(for: LogisticRegressionTests.digits.bitmaps[$0]) == LogisticRegressionTests.digits.labels[$0] } > 200)
        let whole = try LogisticRegressionParameters(c: 100).fit(LogisticRegressionTests.digits, rows: rows, seed: 0)
        #expect(whole.trainingReport.converged)
        #expect(whole.trainingReport.measures["unconverged_machines"] == 0)
    }

    @Test("costs far from 1 end in a solution as well", arguments: [1e-300, 1e-6, 1e6])
    func extremeCosts(c: Double) throws {
        let model = try LogisticRegressionParameters(c: c).fit(LogisticRegressionTests.digits, rows: Array(0..<260), seed: 0)
        #expect(model.trainingReport.converged)
        #expect(!model.payload.weights.contains { !$0.isFinite })
    }

    @Test("weights that overflow when they are added up are refused")
    func overflow() throws {
        var weights = [Double](repeating: 0, count: 512)
        weights[256] = 1e308
        weights[300] = -1e308
        #expect(throws: TrainingError.self) {
            try LogisticRegressionModel(
                parameters: LogisticRegressionParameters(), classes: [0, 1], trainingReport: TrainingReport(),
                payload: LinearPayload(weights: weights, intercepts: [0, 0]))
        }
    }

    @Test("scikit-learn's names and defaults")
    func parameters() throws {
        #expect(try LogisticRegressionParameters(values: ParameterValues()) == LogisticRegressionParameters(c: 1, tolerance: 1e-4))
        let values = ParameterValues(["C": .number(0.1), "tol": .number(0.01), "max_iter": .integer(7)])
        #expect(try LogisticRegressionParameters(values: values).values == values)
        for (name, value) in [("C", ParameterValue.integer(0)), ("tol", .number(-1)), ("max_iter", .integer(0)), ("C", .number(.nan))] {
            #expect(throws: TrainingError.self) { try LogisticRegressionParameters(values: ParameterValues([name: value])) }
        }
        #expect(throws: TrainingError.unknownParameter(name: "penalty", known: ["C", "max_iter", "tol"])) {
            try LogisticRegressionParameters(values: ParameterValues(["penalty": .text("l2")]))
        }
    }
}
