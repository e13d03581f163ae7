import Digits
import Foundation
import Testing

@testable import Classifiers

@Suite("Limits of trees")
struct TreeLimitsTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 400, seed: 51)

    private func fit(_ limits: TreeLimits, maxFeatures: MaxFeatures = .squareRoot, criterion: SplitCriterion = .gini) throws
        -> NaiveForest.Node
    {
        let model = try DecisionTreeParameters(criterion: criterion, maxFeatures: maxFeatures, limits: limits)
            .fit(Self.digits, rows: Array(0..<Self.digits.count), seed: 4)
        return try #require(NaiveForest.trees(model.payload.validatedNodes(treeCount: 1, classes: model.classes)).first)
    }

    @Test("shares of rows are rounded up")
    func shares() {
        #expect(RowMinimum.share(0.01).count(of: 1_593) == 16)
        #expect(RowMinimum.share(0.5).count(of: 10) == 5)
        #expect(RowMinimum.share(1e-9).count(of: 10) == 1)
        #expect(RowMinimum.number(7).count(of: 3) == 7)
    }

    @Test("parameters are read by scikit-learn's names and written the same, and a default is not written")
    func parameters() throws {
        let values = ParameterValues([
            "criterion": .text("gini"), "max_depth": .integer(9), "max_features": .null, "min_samples_leaf": .number(0.01),
            "min_samples_split": .integer(12), "max_leaf_nodes": .integer(40), "ccp_alpha": .number(0.001),
        ])
        let limits = TreeLimits(
            maxDepth: 9, minSamplesLeaf: .share(0.01), minSamplesSplit: 12, maxLeafNodes: 40, ccpAlpha: 0.001)
        let parameters = try DecisionTreeParameters(values: values)
        #expect(parameters == DecisionTreeParameters(limits: limits))
        #expect(parameters.values == values)
        #expect(DecisionTreeParameters().values.names == ["criterion", "max_depth", "max_features", "min_samples_leaf"])
        #expect(
            RandomForestParameters().values.names
                == ["bootstrap", "criterion", "max_depth", "max_features", "min_samples_leaf", "n_estimators"])
    }

    @Test("trees of another depth are no cuts where leaves are counted or branches are pruned")
    func sharingKeys() {
        for limits in [TreeLimits(maxLeafNodes: 9), TreeLimits(ccpAlpha: 0.1)] {
            let shallow = TreeLimits(maxDepth: 4, maxLeafNodes: limits.maxLeafNodes, ccpAlpha: limits.ccpAlpha)
            #expect(RandomForestParameters(limits: limits).sharingKey != RandomForestParameters(limits: shallow).sharingKey)
            #expect(
                RandomForestParameters(limits: limits).sharingKey == RandomForestParameters(treeCount: 3, limits: limits).sharingKey)
            #expect(RandomForestParameters(limits: limits).sharingKey != RandomForestParameters().sharingKey)
        }
        #expect(RandomForestParameters(limits: TreeLimits(minSamplesSplit: 5)).sharingKey != RandomForestParameters().sharingKey)
    }

    @Test("forests whose leaves are counted or that are pruned predict together as each one fitted alone")
    func sharing() {
        for limits in [TreeLimits(maxLeafNodes: 9), TreeLimits(minSamplesSplit: .share(0.05), ccpAlpha: 0.004)] {
            let group = [4, 9, 1].map { RandomForestParameters(treeCount: $0, limits: limits) }
            let split = TrainTestSplit(trainingRows: Array(0..<300), testRows: Array(300..<400), seed: 5)
            SeparateFits.expectEqual(toSharedEvaluationOf: group, on: Self.digits, split: split)
        }
    }

    @Test("a node of fewer rows than a split needs is a leaf, and one of as many is split", arguments: [2, 3, 4, 5])
    func minSamplesSplit(least: Int) throws {
        func bitmap(_ pixels: Int...) -> Bitmap { pixels.reduce(into: Bitmap.blank) { $0[$1] = true } }
        // The root's 5 rows split into 1 and 4, those into 1 and 3, and so on: all pixels gain the same.
        let digits = try DigitDataset(
            name: "chain", bitmaps: [bitmap(9), bitmap(10), bitmap(11), bitmap(12), bitmap()], labels: [0, 1, 2, 3, 4])
        let model = try DecisionTreeParameters(limits: TreeLimits(minSamplesSplit: .number(least))).fit(
            digits, rows: [0, 1, 2, 3, 4], seed: 0)
        let tree = NaiveForest.trees(try model.payload.validatedNodes(treeCount: 1, classes: model.classes))[0]
        var leafSizes: [Int] = []
        func visit(_ node: NaiveForest.Node) {
            switch node {
            case .leaf(let counts): leafSizes.append(counts.reduce(0, +))
            case .split(_, let left, let right):
                visit(left)
                visit(right)
            }
        }
        visit(tree)
        #expect(leafSizes.sorted() == [Int](repeating: 1, count: 6 - least) + [least - 1])
    }

    @Test("copies of a row are one row of a split, as they are of a leaf", arguments: [3, 100])
    func copies(otherCount: Int) throws {
        var rows = SampleRows()
        let one = (5...5).reduce(into: Bitmap.blank) { $0[$1] = true }
        for copy in 0..<3 { rows.append(one, isCopy: copy > 0) }
        rows.endClass()
        for copy in 0..<otherCount { rows.append(.blank, isCopy: copy > 0) }
        rows.endClass()
        func nodeCount(_ least: Int) throws -> Int {
            let growth = TreeGrowth(
                featureCount: 256, limits: TreeLimits(minSamplesSplit: .number(least)), criterion: .gini, rowCount: 3 + otherCount)
            var forests = ForestCuts(classCount: 2, limits: [ForestCuts.Limit(maxDepth: 256, treeCount: 1)])
            try growth.grow(on: rows, seed: 0, tree: 0, into: &forests)
            return forests.forests[0].codes.count
        }
        #expect(try nodeCount(2) == 3)
        #expect(try nodeCount(3) == 1)
    }

    @Test("with more leaves allowed than there are, a tree is the one that grows depth first", arguments: [SplitCriterion.gini, .entropy])
    func unboundedLeaves(criterion: SplitCriterion) throws {
        for limits in [TreeLimits(), TreeLimits(maxDepth: 5, minSamplesLeaf: 3), TreeLimits(minSamplesSplit: 12)] {
            let counted = TreeLimits(
                maxDepth: limits.maxDepth, minSamplesLeaf: limits.minSamplesLeaf, minSamplesSplit: limits.minSamplesSplit,
                maxLeafNodes: 10_000)
            #expect(try fit(counted, criterion: criterion) == fit(limits, criterion: criterion))
            let hardlyPruned = TreeLimits(
                maxDepth: limits.maxDepth, minSamplesLeaf: limits.minSamplesLeaf, minSamplesSplit: limits.minSamplesSplit,
                ccpAlpha: 1e-12)
            #expect(try fit(hardlyPruned, criterion: criterion) == fit(limits, criterion: criterion))
        }
    }

    @Test("each further leaf splits the one that gains most", arguments: [SplitCriterion.gini, .entropy])
    func bestFirst(criterion: SplitCriterion) throws {
        let whole = try MeasuredTree(fit(TreeLimits(), criterion: criterion), Self.digits, criterion)
        var expected: Set<String> = []
        var leaves = [whole]
        for leafCount in 2...30 {
            let best = try #require(leaves.filter { !$0.children.isEmpty }.max { $0.gain < $1.gain })
            expected.insert(best.path)
            leaves = leaves.filter { $0.path != best.path } + best.children
            let found = try MeasuredTree(fit(TreeLimits(maxLeafNodes: leafCount), criterion: criterion), Self.digits, criterion)
            #expect(found.leafCount == leafCount)
            #expect(found.splitPaths == expected, "\(leafCount) leaves")
        }
    }

    @Test("what pruning leaves is the smallest of the best subtrees, by trying every alpha", arguments: [SplitCriterion.gini, .entropy])
    func pruning(criterion: SplitCriterion) throws {
        let limits = TreeLimits(maxDepth: 4, minSamplesLeaf: 5)
        let whole = try MeasuredTree(fit(limits, criterion: criterion), Self.digits, criterion)
        let subtrees = whole.subtrees
        #expect(subtrees.count > 400)
        var leafCounts: Set<Int> = []
        for alpha in [1e-4, 0.003, 0.01, 0.02, 0.04, 0.06, 0.1, 0.3, 1] {
            let best = try #require(subtrees.min { ($0.risk + alpha * Double($0.leafCount)) < ($1.risk + alpha * Double($1.leafCount)) })
            let pruned = TreeLimits(maxDepth: 4, minSamplesLeaf: 5, ccpAlpha: alpha)
            let found = try MeasuredTree(fit(pruned, criterion: criterion), Self.digits, criterion)
            #expect(found.leafCount == best.leafCount)
            #expect(abs(found.risk - best.risk) < 1e-12)
            leafCounts.insert(found.leafCount)
        }
        #expect(leafCounts.count >= 6)
    }

    @Test("a branch that is worth just its leaves is cut off")
    func equalWorth() {
        // Of 4 rows 2 and 2, parted in a pure 2 and a pure 2: Gini's impurity falls from 0.5 to 0 by one more leaf.
        var tree = GrownTree()
        tree.nodes = [
            GrownTree.Node(counts: [2, 2], depth: 0, split: GrownTree.Split(feature: 1, left: 1, right: 2)),
            GrownTree.Node(counts: [2, 0], depth: 1), GrownTree.Node(counts: [0, 2], depth: 1),
        ]
        let growth = TreeGrowth(featureCount: 256, limits: TreeLimits(), criterion: .gini, rowCount: 4)
        for (alpha, isCut) in [(0.5, true), (0.49, false)] {
            var pruned = tree
            pruned.prune(alpha: alpha, impurity: growth.impurity)
            #expect((pruned.nodes[0].split == nil) == isCut)
        }
    }
}

/// A tree with what its splits gain on the rows that it was grown on, worked out from the rows.
private struct MeasuredTree {
    /// The turns from the root, L or R.
    let path: String
    /// Impurity times the share of rows.
    let ownRisk: Double
    let children: [MeasuredTree]

    init(_ node: NaiveForest.Node, _ digits: DigitDataset, _ criterion: SplitCriterion) {
        self.init(node, digits, Array(digits.bitmaps.indices), criterion, path: "")
    }

    private init(_ node: NaiveForest.Node, _ digits: DigitDataset, _ rows: [Int], _ criterion: SplitCriterion, path: String) {
        self.path = path
        let shares = (0..<10).map { digit in Double(rows.count { digits.labels[$0] == UInt8(digit) }) / Double(rows.count) }
        let impurity =
            switch criterion {
            case .gini: 1 - shares.reduce(0) { $0 + $1 * $1 }
            case .entropy: shares.reduce(0) { $1 == 0 ? $0 : $0 - $1 * log2($1) }
            }
        ownRisk = impurity * Double(rows.count) / Double(digits.count)
        switch node {
        case .leaf: children = []
        case .split(let feature, let left, let right):
            children = [
                MeasuredTree(left, digits, rows.filter { !digits.bitmaps[$0][feature] }, criterion, path: path + "L"),
                MeasuredTree(right, digits, rows.filter { digits.bitmaps[$0][feature] }, criterion, path: path + "R"),
            ]
        }
    }

    var gain: Double { ownRisk - children.reduce(0) { $0 + $1.ownRisk } }
    var leafCount: Int { children.isEmpty ? 1 : children.reduce(0) { $0 + $1.leafCount } }
    var risk: Double { children.isEmpty ? ownRisk : children.reduce(0) { $0 + $1.risk } }
    var splitPaths: Set<String> { children.isEmpty ? [] : children.reduce(into: [path]) { $0.formUnion($1.splitPaths) } }

    /// Risk and leaves of every subtree with this root.
    var subtrees: [(risk: Double, leafCount: Int)] {
        let cut = [(risk: ownRisk, leafCount: 1)]
        guard children.count == 2 else { return cut }
        let rights = children[1].subtrees
        return cut + children[0].subtrees.flatMap { left in rights.map { (left.risk + $0.risk, left.leafCount + $0.leafCount) } }
    }
}
