import Digits
import Testing

@testable import Classifiers

struct TreeGrowthTests {
    private func bitmap(_ pixels: Int...) -> Bitmap {
        pixels.reduce(into: Bitmap.blank) { $0[$1] = true }
    }

    /// Rows of a sample, class after class.
    private func sample(_ classes: [Bitmap]...) -> SampleRows {
        SampleRows(distinct: classes)
    }

    private func tree(
        _ rows: SampleRows, featureCount: Int = Bitmap.pixelCount, maxDepth: Int = TreeGrowth.unlimitedDepth, minSamplesLeaf: Int = 1,
        criterion: SplitCriterion = .gini, seed: UInt64 = 0, tree: Int = 0
    ) throws -> NaiveForest.Node {
        let limits = TreeLimits(minSamplesLeaf: .number(minSamplesLeaf))
        let growth = TreeGrowth(featureCount: featureCount, limits: limits, criterion: criterion, rowCount: rows.bitmaps.count)
        let limit = ForestCuts.Limit(maxDepth: maxDepth, treeCount: tree + 1)
        var forests = ForestCuts(classCount: rows.classEnds.count, limits: [limit])
        try growth.grow(on: rows, seed: seed, tree: tree, into: &forests)
        return NaiveForest.trees(forests.forests[0])[0]
    }

    @Test("a tree worked by hand: the pixel that splits best comes first, then the one that tells the rest apart")
    func byHand() throws {
        // Class 0 has pixel 9; classes 1 and 2 differ in pixel 200. Pixel 9 leaves an impurity of 2, pixel 200 one of 8/3.
        let rows = sample(
            [bitmap(9), bitmap(9), bitmap(9), bitmap(9)], [bitmap(200), bitmap(200)], [bitmap(), bitmap()])
        #expect(
            try tree(rows)
                == .split(
                    feature: 9,
                    left: .split(feature: 200, left: .leaf(counts: [0, 0, 1]), right: .leaf(counts: [0, 1, 0])),
                    right: .leaf(counts: [1, 0, 0])))
    }

    @Test("Gini and the entropy each take the pixel that is best by their own measure, in one word and in several", arguments: [1, 9])
    func criteria(scale: Int) throws {
        // Of 10 and 6 rows pixel 1 is set in 1 and 5, pixel 2 in 3 and 6. Rows times impurity: by Gini 3.47 and 4.00, by the entropy
        // 8.59 and 8.26 bits.
        let rows = sample(
            Array(repeating: [bitmap(1, 2), bitmap(2), bitmap(2)] + Array(repeating: bitmap(), count: 7), count: scale).flatMap { $0 },
            Array(repeating: Array(repeating: bitmap(1, 2), count: 5) + [bitmap(2)], count: scale).flatMap { $0 })
        #expect(
            try tree(rows, maxDepth: 1, criterion: .gini)
                == .split(
                    feature: 1, left: .leaf(counts: [9 * scale, scale]), right: .leaf(counts: [scale, 5 * scale])))
        #expect(
            try tree(rows, maxDepth: 1, criterion: .entropy)
                == .split(
                    feature: 2, left: .leaf(counts: [1, 0]), right: .leaf(counts: [3 * scale, 6 * scale])))
    }

    @Test("the drawing goes on past max_features until it meets a pixel that differs", arguments: [UInt64](0..<20))
    func pastConstantPixels(seed: UInt64) throws {
        #expect(
            try tree(sample([bitmap(31)], [bitmap()]), featureCount: 1, seed: seed)
                == .split(feature: 31, left: .leaf(counts: [0, 1]), right: .leaf(counts: [1, 0])))
    }

    @Test(
        "constant pixels count as drawn, as in scikit-learn: the better of two that differ is passed by as often as it should be",
        arguments: [
            (1, 0.5),
            // Only the worse is among 128 of 256 drawn, 128/256 x 128/255, or neither, 128/256 x 127/255, and then it comes first, 1/2.
            (128, 0.37549),
            (256, 0.0),
        ])
    func constantPixelsCount(featureCount: Int, expectedShare: Double) throws {
        // Pixel 10 tells the classes apart, pixel 20 in part.
        let rows = sample([bitmap(10), bitmap(10, 20)], [bitmap(), bitmap(), bitmap()])
        let seedCount = 1_000
        let worseCount = try (0..<seedCount).count { seed in
            guard case .split(20, _, _) = try tree(rows, featureCount: featureCount, seed: UInt64(seed)) else { return false }
            return true
        }
        #expect(abs(Double(worseCount) / Double(seedCount) - expectedShare) < 4 * (0.25 / Double(seedCount)).squareRoot())
        if expectedShare == 0 { #expect(worseCount == 0) }
    }

    @Test("equal bitmaps of several classes become a leaf with their counts")
    func indistinguishable() throws {
        #expect(try tree(sample([bitmap(5)], [bitmap(5), bitmap(5)])) == .leaf(counts: [1, 2]))
    }

    @Test("a pixel that differs but leaves too few rows on one side ends the search, as in scikit-learn")
    func tooFewRows() throws {
        let rows = sample([bitmap(5)], [bitmap(), bitmap(), bitmap()])
        #expect(try tree(rows, minSamplesLeaf: 2) == .leaf(counts: [1, 3]))
        #expect(try tree(rows) == .split(feature: 5, left: .leaf(counts: [0, 1]), right: .leaf(counts: [1, 0])))
    }

    @Test("a row that a sample holds several times is one row of a leaf, and weighs as often", arguments: [3, 100])
    func copies(otherCount: Int) throws {
        let others = [Bitmap](repeating: bitmap(), count: otherCount)
        var rows = SampleRows()
        for copy in 0..<3 { rows.append(bitmap(5), isCopy: copy > 0) }
        rows.endClass()
        for other in others { rows.append(other, isCopy: false) }
        rows.endClass()
        let threeRows = sample([bitmap(5), bitmap(5), bitmap(5)], others)
        #expect(try tree(rows, minSamplesLeaf: 2) == .leaf(counts: [3, otherCount]))
        #expect(
            try tree(threeRows, minSamplesLeaf: 2)
                == .split(feature: 5, left: .leaf(counts: [0, 1]), right: .leaf(counts: [1, 0])))
    }

    /// As many rows as need several words of several classes, and then the path on to single words.
    private static let digits = SyntheticDigits.dataset(rowCount: 700, seed: 4)

    private static var sortedRows: SampleRows {
        SampleRows(
            distinct: (0..<10).map { digit in
                zip(digits.bitmaps, digits.labels).filter { $0.1 == digit }.map(\.0)
            })
    }

    @Test("with all pixels to choose from, the root's split has the least impurity of all")
    func bestRoot() throws {
        let rows = TreeGrowthTests.sortedRows
        guard case .split(let feature, _, _) = try tree(rows) else {
            Issue.record("the root is a leaf")
            return
        }
        var labelled: [(Bitmap, Int)] = []
        var begin = 0
        for (position, end) in rows.classEnds.enumerated() {
            labelled += rows.bitmaps[begin..<end].map { ($0, position) }
            begin = end
        }
        let found = NaiveForest.impurity(labelled, split: feature, classCount: 10)
        let best = try #require(NaiveForest.bestImpurity(labelled, classCount: 10))
        #expect(abs(found - best) < 1e-9)
    }

    @Test("a tree without limits puts every row of its sample into a leaf of its class")
    func separates() throws {
        let rows = TreeGrowthTests.sortedRows
        let tree = try tree(rows, featureCount: 16, seed: 3)
        var begin = 0
        for (position, end) in rows.classEnds.enumerated() {
            for bitmap in rows.bitmaps[begin..<end] {
                #expect(NaiveForest.fractions(tree, bitmap)[position] == 1)
            }
            begin = end
        }
    }

    @Test("depth and leaf size stay within their limits")
    func limits() throws {
        let rows = TreeGrowthTests.sortedRows
        #expect(try NaiveForest.depth(tree(rows, featureCount: 16, maxDepth: 5)) == 5)
        let wide = try tree(rows, featureCount: 16, minSamplesLeaf: 7)
        #expect(NaiveForest.smallestLeafCount(wide, rows.bitmaps) >= 7)
        #expect(NaiveForest.depth(wide) > 3)
    }

    @Test("forests of several depths grown at once are those grown alone, node by node")
    func depths() throws {
        let rows = TreeGrowthTests.sortedRows
        let growth = TreeGrowth(featureCount: 16, limits: TreeLimits(), criterion: .gini, rowCount: rows.bitmaps.count)
        func grow(_ limits: [ForestCuts.Limit]) throws -> [ForestNodes] {
            var forests = ForestCuts(classCount: 10, limits: limits)
            for tree in 0..<forests.treeCount { try growth.grow(on: rows, seed: 8, tree: tree, into: &forests) }
            return forests.forests
        }
        let limits = [(1, 4), (4, 6), (9, 2), (TreeGrowth.unlimitedDepth, 3)].map { ForestCuts.Limit(maxDepth: $0.0, treeCount: $0.1) }
        let together = try grow(limits)
        for (limit, forest) in zip(limits, together) {
            let alone = try grow([limit])[0]
            #expect(NaiveForest.trees(alone).count == limit.treeCount)
            #expect(NaiveForest.trees(alone).map(NaiveForest.depth).allSatisfy { $0 <= limit.maxDepth })
            #expect(forest.codes == alone.codes)
            #expect(forest.distributions == alone.distributions)
        }
    }

    @Test("columns are the rows, turned, for every number of rows of a class")
    func columns() {
        for counts in [[1, 63], [64, 1], [65, 128], [3, 0, 70], [0, 130]] {
            let bitmaps = Array(TreeGrowthTests.digits.bitmaps.prefix(counts.reduce(0, +)))
            var rest = bitmaps[...]
            let rows = SampleRows(
                distinct: counts.map { count in
                    defer { rest = rest.dropFirst(count) }
                    return Array(rest.prefix(count))
                })
            let block = ColumnBlock(rows)
            #expect(block.classCounts(block.everyRow) == counts)
            for feature in [0, 63, 64, 130, 255] {
                let (left, right) = block.split(block.everyRow, feature: feature)
                #expect(block.rows(left).bitmaps == bitmaps.filter { !$0[feature] })
                #expect(block.rows(right).bitmaps == bitmaps.filter { $0[feature] })
            }
        }
    }
}

extension SampleRows {
    /// Rows of each class, none of them a copy.
    init(distinct classes: [[Bitmap]]) {
        self.init()
        for bitmaps in classes {
            for bitmap in bitmaps { append(bitmap, isCopy: false) }
            endClass()
        }
    }
}
