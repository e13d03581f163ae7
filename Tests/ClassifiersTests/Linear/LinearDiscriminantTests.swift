import Digits
import Foundation
import TestData
import Testing

@testable import Classifiers

@Suite("Linear discriminant analysis")
struct LinearDiscriminantTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 400, seed: 21)

    private static func model(_ solver: LinearDiscriminantParameters.Solver, componentCount: Int? = nil) throws -> LinearDiscriminantModel {
        try LinearDiscriminantParameters(solver: solver, componentCount: componentCount)
            .fit(digits, rows: Array(0..<digits.count), seed: 0)
    }

    /// Two classes and two pixels, of which pixel 1 is the same in every row of its class.
    @Test(
        "a pixel that is the same in all rows of each class decides nothing and breaks nothing",
        arguments: [
            LinearDiscriminantParameters.Solver.svd, .lsqr, .eigen,
        ])
    func constantPixel(solver: LinearDiscriminantParameters.Solver) throws {
        func bitmap(_ pixels: Int...) -> Bitmap {
            pixels.reduce(into: Bitmap.blank) { $0[$1] = true }
        }
        let bitmaps = [bitmap(), bitmap(0), bitmap(), bitmap(0, 1), bitmap(0, 1), bitmap(1)]
        let dataset = try DigitDataset(name: "two", bitmaps: bitmaps, labels: [3, 3, 3, 8, 8, 8])
        let model = try LinearDiscriminantParameters(solver: solver).fit(dataset, rows: Array(0..<6), seed: 0)
        // Pixel 0 has means 1/3 and 2/3; its variance within classes is 4/3 over rows.
        let variance = (4.0 / 3) / 6
        for (shown, pixel) in [(bitmap(), 0.0), (bitmap(0), 1.0), (bitmap(0, 1), 1.0)] {
            let difference = (2.0 / 3 - 1.0 / 3) / variance * (pixel - 0.5)
            let probability = 1 / (1 + exp(-difference))
            #expect(abs(model.scores(for: shown)[8] - probability) < 1e-12)
        }
    }

    @Test(
        "after the transform the classes' covariance is one, and the directions that separate them most come first",
        arguments: [
            LinearDiscriminantParameters.Solver.svd, .eigen,
        ])
    func transform(solver: LinearDiscriminantParameters.Solver) throws {
        let digits = Self.digits
        let model = try Self.model(solver)
        #expect(model.componentCount == 9)
        let points = digits.bitmaps.map(model.transform)
        let means = (0..<10).map { digit -> [Double] in
            let own = points.indices.filter { digits.labels[$0] == digit }
            return (0..<9).map { component in own.reduce(0) { $0 + points[$1][component] } / Double(own.count) }
        }
        for first in 0..<9 {
            for second in 0...first {
                let covariance =
                    points.indices.reduce(0) { sum, row in
                        let mean = means[Int(digits.labels[row])]
                        return sum + (points[row][first] - mean[first]) * (points[row][second] - mean[second])
                    } / Double(digits.count)
                #expect(abs(covariance - (first == second ? 1 : 0)) < 1e-8)
            }
        }
        let spreads = (0..<9).map { component in
            let center = points.reduce(0) { $0 + $1[component] } / Double(points.count)
            return digits.labels.reduce(0) { $0 + (means[Int($1)][component] - center) * (means[Int($1)][component] - center) }
        }
        #expect(zip(spreads, spreads.dropFirst()).allSatisfy { $0 > $1 })
    }

    @Test("fewer components are the first of more, answer the same, and the solver without a transform has none")
    func components() throws {
        let whole = try Self.model(.eigen)
        let part = try Self.model(.eigen, componentCount: 4)
        #expect(part.componentCount == 4)
        for bitmap in Self.digits.bitmaps.prefix(50) {
            #expect(part.transform(bitmap) == Array(whole.transform(bitmap).prefix(4)))
            #expect(part.scores(for: bitmap) == whole.scores(for: bitmap))
        }
        #expect(try Self.model(.lsqr).componentCount == 0)
    }

    @Test("more components than one less than the classes, and rows within whose classes nothing varies, are refused by name")
    func refusals() throws {
        #expect(
            throws: TrainingError.invalidParameter(
                name: "n_components", found: .integer(10), expected: "at most 9, one less than the 10 classes")
        ) { try Self.model(.svd, componentCount: 10) }
        let two = try DigitDataset(
            name: "two", bitmaps: [.blank, .blank, Bitmap(words: SIMD4(repeating: .max)), Bitmap(words: SIMD4(repeating: .max))],
            labels: [0, 0, 1, 1])
        #expect(throws: TrainingError.noSolution(reason: "no pixel varies within classes")) {
            try LinearDiscriminantParameters().fit(two, rows: [0, 1, 2, 3], seed: 0)
        }
        #expect(throws: TrainingError.noSolution(reason: "there is no more than one row a class, and nothing varies within classes")) {
            try LinearDiscriminantParameters().fit(two, rows: [0, 2], seed: 0)
        }
    }

    @Test(
        "each of the study's nine candidates is within 2 of 1593 digits of scikit-learn's",
        .enabled(if: TestData.semeionIsAvailable, "the Semeion data set is not here"))
    func parity() throws {
        let comparisons = try GridParity<LinearDiscriminantParameters>.comparisons()
        #expect(comparisons.count == 9)
        for comparison in comparisons {
            print(comparison)
            #expect(abs(comparison.difference) <= 2, "\(comparison)")
        }
    }
}
