import Digits
import Foundation
import TestData
import Testing

@testable import Classifiers

/// Trees fitted on an unbalanced part of Semeion beside 200 of scikit-learn's, `Tests/Fixtures/reference/sklearn-fits.json`.
@Suite("Parity of limited trees with scikit-learn", .enabled(if: TestData.semeionIsAvailable, "the Semeion data set is not here"))
struct TreeLimitsParityTests {
    private static let treeCount = 100

    private let reference: Reference
    private let semeion: DigitDataset

    init() throws {
        reference = try JSONDecoder().decode(Reference.self, from: Data(TestData.fixture("reference/sklearn-fits.json")))
        semeion = try TestData.semeion()
    }

    @Test("trees have as many leaves and levels, and get as many rows right", arguments: 0..<9)
    func trees(index: Int) throws {
        let expected = reference.trees[index]
        let parameters = try DecisionTreeParameters(values: ParameterValues(expected.params))
        let trees = try (0..<UInt64(Self.treeCount)).map { seed in
            let model = try parameters.fit(semeion, rows: reference.trainingRows, seed: seed)
            return try NaiveForest.trees(model.payload.validatedNodes(treeCount: 1, classes: model.classes))[0]
        }
        expect(trees, expected)
    }

    @Test("trees of forests have as many leaves and levels, and get as many rows right", arguments: 0..<5)
    func forests(index: Int) throws {
        let expected = reference.forests[index]
        var values = ParameterValues(expected.params)
        values["n_estimators"] = .integer(Self.treeCount)
        let model = try RandomForestParameters(values: values).fit(semeion, rows: reference.trainingRows, seed: 0)
        expect(NaiveForest.trees(try model.payload.validatedNodes(treeCount: Self.treeCount, classes: model.classes)), expected)
    }

    private func expect(_ trees: [NaiveForest.Node], _ expected: Reference.Fit) {
        #expect(trees.count == Self.treeCount)
        let trainingRows = Set(reference.trainingRows)
        let otherRows = semeion.bitmaps.indices.filter { !trainingRows.contains($0) }
        expect(trees.map { Double(leafCount($0)) }, expected.leaves, "leaves of \(expected.params)")
        expect(trees.map { Double(NaiveForest.depth($0)) }, expected.depth, "depth of \(expected.params)")
        expect(trees.map { accuracy($0, reference.trainingRows) }, expected.trainingAccuracy, "training rows of \(expected.params)")
        expect(trees.map { accuracy($0, otherRows) }, expected.otherAccuracy, "other rows of \(expected.params)")
    }

    /// Means within 4 standard errors; where scikit-learn's trees do not differ, neither do ours.
    private func expect(_ found: [Double], _ expected: [Double], _ comment: Comment) {
        let mean = found.reduce(0, +) / Double(found.count)
        let error = expected[1] * (1 / 200 + 1 / Double(found.count)).squareRoot()
        #expect(abs(mean - expected[0]) <= 4 * error + 1e-6, comment)
    }

    private func leafCount(_ node: NaiveForest.Node) -> Int {
        switch node {
        case .leaf: 1
        case .split(_, let left, let right): leafCount(left) + leafCount(right)
        }
    }

    private func accuracy(_ tree: NaiveForest.Node, _ rows: [Int]) -> Double {
        let correctCount = rows.count { row in
            let fractions = NaiveForest.fractions(tree, semeion.bitmaps[row])
            return fractions.firstIndex(of: fractions.max() ?? 0) == Int(semeion.labels[row])
        }
        return Double(correctCount) / Double(rows.count)
    }

    private struct Reference: Decodable {
        struct Fit: Decodable {
            let params: [String: ParameterValue]
            /// Mean and standard deviation, as of the others.
            let leaves: [Double]
            let depth: [Double]
            let trainingAccuracy: [Double]
            let otherAccuracy: [Double]

            enum CodingKeys: String, CodingKey {
                case params, leaves, depth
                case trainingAccuracy = "training_accuracy"
                case otherAccuracy = "other_accuracy"
            }
        }

        let trainingRows: [Int]
        let trees: [Fit]
        let forests: [Fit]

        enum CodingKeys: String, CodingKey {
            case trees, forests
            case trainingRows = "training_rows"
        }
    }
}
