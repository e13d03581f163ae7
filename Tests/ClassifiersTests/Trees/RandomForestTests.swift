import Digits
import Foundation
import Testing

@testable import Classifiers

struct RandomForestTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 400, seed: 21)
    private static let unseen = SyntheticDigits.dataset(rowCount: 150, seed: 22)
    private static let allRows = Array(0..<digits.count)

    private func fit(_ parameters: RandomForestParameters, seed: UInt64 = 6) throws -> RandomForestModel {
        try parameters.fit(RandomForestTests.digits, rows: RandomForestTests.allRows, seed: seed)
    }

    private func nodes(of model: RandomForestModel) -> ForestNodes {
        let counts = model.payload.leafCounts
        return ForestNodes(
            classCount: 10, codes: model.payload.nodes,
            distributions: stride(from: 0, to: counts.count, by: 10).map { Array(counts[$0..<$0 + 10]) })
    }

    @Test("scores are the mean over the trees of the leaves' class fractions", arguments: [1, 63, 64, 65, 130])
    func predictor(treeCount: Int) throws {
        let model = try fit(RandomForestParameters(treeCount: treeCount, limits: TreeLimits(maxDepth: treeCount == 65 ? 4 : nil)))
        let trees = NaiveForest.trees(nodes(of: model))
        #expect(trees.count == treeCount)
        for bitmap in RandomForestTests.unseen.bitmaps {
            let expected = trees.reduce([Double](repeating: 0, count: 10)) { sums, tree in
                zip(sums, NaiveForest.fractions(tree, bitmap)).map { $0 + $1 }
            }
            for digit in 0..<10 {
                #expect(abs(model.scores(for: bitmap)[digit] - expected[digit] / Double(treeCount)) < 1e-12)
            }
            #expect(abs(model.scores(for: bitmap).sum - 1) < 1e-12)
        }
    }

    @Test("a forest is the first trees of a larger one with the same seed")
    func prefix() throws {
        let small = try fit(RandomForestParameters(treeCount: 7)).payload.nodes
        let large = try fit(RandomForestParameters(treeCount: 12)).payload.nodes
        #expect(Array(large.prefix(small.count)) == small)
    }

    @Test("equal seeds give equal bytes, other seeds other trees")
    func seeds() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let parameters = RandomForestParameters(treeCount: 5, limits: TreeLimits(maxDepth: 6))
        #expect(try encoder.encode(fit(parameters).payload) == encoder.encode(fit(parameters).payload))
        #expect(try fit(parameters, seed: 1).payload.nodes != fit(parameters, seed: 2).payload.nodes)
    }

    @Test("forests evaluated together predict as each one fitted alone", arguments: [true, false])
    func sharing(bootstrap: Bool) {
        let wanted: [(treeCount: Int, maxDepth: Int?)] = [(20, nil), (3, 4), (11, nil), (3, nil), (25, 4), (25, 2), (3, 4), (5, 1_000)]
        let group = wanted.map {
            RandomForestParameters(
                treeCount: $0.treeCount, maxFeatures: $0.treeCount == 11 ? .automatic : .squareRoot,
                limits: TreeLimits(maxDepth: $0.maxDepth),
                bootstrap: bootstrap)
        }
        #expect(Set(group.map(\.sharingKey)).count == 1)
        let split = TrainTestSplit(trainingRows: Array(0..<300), testRows: Array(300..<400), seed: 5)
        SeparateFits.expectEqual(toSharedEvaluationOf: group, on: RandomForestTests.digits, split: split)
    }

    @Test("candidates share where nothing but the number of trees and their depth differs")
    func sharingKeys() {
        let base = RandomForestParameters()
        #expect(base.sharingKey == RandomForestParameters(treeCount: 3, limits: TreeLimits(maxDepth: 5)).sharingKey)
        #expect(base.sharingKey != RandomForestParameters(maxFeatures: .logarithm).sharingKey)
        #expect(base.sharingKey != RandomForestParameters(limits: TreeLimits(minSamplesLeaf: 2)).sharingKey)
        #expect(base.sharingKey != RandomForestParameters(criterion: .entropy).sharingKey)
        #expect(base.sharingKey != RandomForestParameters(bootstrap: false).sharingKey)
    }

    @Test("the out-of-bag accuracy is near that on digits that were not trained on")
    func outOfBag() throws {
        let model = try fit(RandomForestParameters(treeCount: 100))
        let score = try #require(model.trainingReport.measures["out_of_bag_score"])
        let unseen = SyntheticDigits.dataset(rowCount: 2_000, seed: 23)
        let correctCount = zip(unseen.bitmaps, unseen.labels).count { model.digit(for: $0) == $1 }
        #expect(abs(score - Double(correctCount) / Double(unseen.count)) < 0.06)
        #expect(score < 0.99)
    }

    @Test("the out-of-bag score is the accuracy of the plain sums over the trees that did not see a row")
    func outOfBagScore() throws {
        // More trees than are walked at once, and leaves of several classes.
        let model = try fit(RandomForestParameters(treeCount: 70, limits: TreeLimits(maxDepth: 4)))
        let trees = NaiveForest.trees(nodes(of: model))
        let source = try BootstrapSource(RandomForestTests.digits, rows: RandomForestTests.allRows, seed: 6)
        var sums = [[Double]](repeating: [Double](repeating: 0, count: 10), count: source.bitmaps.count)
        for (number, tree) in trees.enumerated() {
            for (row, multiplicity) in source.multiplicities(tree: number).enumerated() where multiplicity == 0 {
                for (digit, share) in NaiveForest.fractions(tree, source.bitmaps[row]).enumerated() { sums[row][digit] += share }
            }
        }
        let correctCount = sums.indices.count { row in
            sums[row].firstIndex(of: sums[row].max() ?? 0) == source.classEnds.firstIndex { row < $0 }
        }
        #expect(model.trainingReport.measures["out_of_bag_score"] == Double(correctCount) / Double(sums.count))
    }

    @Test("without a bootstrap every tree has all rows once, and nothing is out of bag")
    func withoutBootstrap() throws {
        let model = try fit(RandomForestParameters(treeCount: 4, bootstrap: false))
        #expect(model.trainingReport.measures["out_of_bag_score"] == nil)
        for tree in NaiveForest.trees(nodes(of: model)) {
            for (bitmap, label) in zip(RandomForestTests.digits.bitmaps, RandomForestTests.digits.labels) {
                #expect(NaiveForest.fractions(tree, bitmap)[Int(label)] == 1)
            }
        }
        #expect(Set(NaiveForest.trees(nodes(of: model)).map { "\($0)" }).count == 4)
    }

    @Test("trees that judge a row out of bag never saw it")
    func outOfBagRows() throws {
        let source = try BootstrapSource(RandomForestTests.digits, rows: RandomForestTests.allRows, seed: 6)
        let multiplicities = source.multiplicities(tree: 3)
        #expect(multiplicities.reduce(0, +) == 400)
        let leftOutShare = Double(multiplicities.count { $0 == 0 }) / 400
        #expect(abs(leftOutShare - 0.368) < 0.06)
        let sample = source.sample(multiplicities)
        #expect(sample.bitmaps.count == 400)
        #expect(sample.classEnds.last == 400)
    }
}
