import Digits
import Testing

@testable import Classifiers

struct TreeGrowthTests {
    private func bitmap(_ pixels: Int...) -> Bitmap {
        pixels.reduce(into: Bitmap.blank) { $0[$1] = true }
    }

    private func tree(_ growth: TreeGrowth, _ rows: SampleRows, seed: UInt64 = 0, tree: Int = 0) -> NaiveForest.Node {
        var forest = ForestNodes(classCount: rows.classEnds.count)
        growth.grow(on: rows, seed: seed, tree: tree, into: &forest)
        return NaiveForest.trees(forest)[0]
    }

    private let everything = TreeGrowth(featureCount: 256, maxDepth: 256, minSamplesLeaf: 1)

    @Test("a tree worked by hand: the pixel that splits best comes first, then the one that tells the rest apart")
    func byHand() {
        // Class 0 has pixel 9; classes 1 and 2 differ in pixel 200. Pixel 9 leaves an impurity of 2, pixel 200 one of 8/3.
        let rows = SampleRows(
            bitmaps: [bitmap(9), bitmap(9), bitmap(9), bitmap(9), bitmap(200), bitmap(200), bitmap(), bitmap()], classEnds: [4, 6, 8])
        #expect(
            tree(everything, rows)
                == .split(
                    feature: 9,
                    left: .split(feature: 200, left: .leaf(counts: [0, 0, 1]), right: .leaf(counts: [0, 1, 0])),
                    right: .leaf(counts: [1, 0, 0])))
    }

    @Test("the drawing goes on past max_features until it meets a pixel that differs", arguments: [UInt64](0..<20))
    func pastConstantPixels(seed: UInt64) {
        let rows = SampleRows(bitmaps: [bitmap(31), bitmap()], classEnds: [1, 2])
        let one = TreeGrowth(featureCount: 1, maxDepth: 256, minSamplesLeaf: 1)
        #expect(
            tree(one, rows, seed: seed)
                == .split(feature: 31, left: .leaf(counts: [0, 1]), right: .leaf(counts: [1, 0])))
    }

    @Test("equal bitmaps of several classes become a leaf with their counts")
    func indistinguishable() {
        let rows = SampleRows(bitmaps: [bitmap(5), bitmap(5), bitmap(5)], classEnds: [1, 3])
        #expect(tree(everything, rows) == .leaf(counts: [1, 2]))
    }

    @Test("a pixel that differs but leaves too few rows on one side ends the search, as in scikit-learn")
    func tooFewRows() {
        let rows = SampleRows(bitmaps: [bitmap(5), bitmap(), bitmap(), bitmap()], classEnds: [1, 4])
        #expect(tree(TreeGrowth(featureCount: 256, maxDepth: 256, minSamplesLeaf: 2), rows) == .leaf(counts: [1, 3]))
        #expect(tree(everything, rows) == .split(feature: 5, left: .leaf(counts: [0, 1]), right: .leaf(counts: [1, 0])))
    }

    /// As many rows as need several words of several classes, and then the path on to single words.
    private static let digits = SyntheticDigits.dataset(rowCount: 700, seed: 4)

    private static var sortedRows: SampleRows {
        let byClass = (0..<10).map { digit in digits.labels.indices.filter { digits.labels[$0] == digit }.map { digits.bitmaps[$0] } }
        return SampleRows(
            bitmaps: byClass.flatMap { $0 }, classEnds: byClass.reduce(into: []) { $0.append(($0.last ?? 0) + $1.count) })
    }

    @Test("with all pixels to choose from, the root's split has the least impurity of all")
    func bestRoot() throws {
        let rows = TreeGrowthTests.sortedRows
        guard case .split(let feature, _, _) = tree(everything, rows) else {
            Issue.record("the root is a leaf")
            return
        }
        var labelled: [(Bitmap, Int)] = []
        var begin = 0
        for (position, end) in rows.classEnds.enumerated() {
            labelled += rows.bitmaps[begin..<end].map { ($0, position) }
            begin = end
        }
        func impurity(_ rows: [(Bitmap, Int)]) -> Double {
            let counts = (0..<10).map { position in Double(rows.count { $0.1 == position }) }
            return Double(rows.count) - counts.reduce(0) { $0 + $1 * $1 } / Double(rows.count)
        }
        let found = impurity(labelled.filter { $0.0[feature] }) + impurity(labelled.filter { !$0.0[feature] })
        let best = try #require(NaiveForest.bestImpurity(labelled, classCount: 10))
        #expect(abs(found - best) < 1e-9)
    }

    @Test("a tree without limits puts every row of its sample into a leaf of its class")
    func separates() {
        let rows = TreeGrowthTests.sortedRows
        let tree = tree(TreeGrowth(featureCount: 16, maxDepth: 256, minSamplesLeaf: 1), rows, seed: 3)
        var begin = 0
        for (position, end) in rows.classEnds.enumerated() {
            for bitmap in rows.bitmaps[begin..<end] {
                #expect(NaiveForest.fractions(tree, bitmap)[position] == 1)
            }
            begin = end
        }
    }

    @Test("depth and leaf size stay within their limits")
    func limits() {
        let rows = TreeGrowthTests.sortedRows
        #expect(NaiveForest.depth(tree(TreeGrowth(featureCount: 16, maxDepth: 5, minSamplesLeaf: 1), rows)) == 5)
        let wide = tree(TreeGrowth(featureCount: 16, maxDepth: 256, minSamplesLeaf: 7), rows)
        #expect(NaiveForest.smallestLeafCount(wide, rows.bitmaps) >= 7)
        #expect(NaiveForest.depth(wide) > 3)
    }

    @Test("a tree of limited depth is the deeper tree, cut")
    func cut() {
        func cut(_ node: NaiveForest.Node, _ depth: Int) -> [Int] {
            guard case .split(let feature, let left, let right) = node, depth > 0 else { return [] }
            return [feature] + cut(left, depth - 1) + cut(right, depth - 1)
        }
        let rows = TreeGrowthTests.sortedRows
        let deep = tree(TreeGrowth(featureCount: 16, maxDepth: 256, minSamplesLeaf: 1), rows, seed: 8, tree: 2)
        let flat = tree(TreeGrowth(featureCount: 16, maxDepth: 4, minSamplesLeaf: 1), rows, seed: 8, tree: 2)
        #expect(cut(deep, 4) == cut(flat, 4))
        #expect(cut(flat, 4).count > 8)
    }

    @Test("columns are the rows, turned, for every number of rows of a class")
    func columns() {
        for counts in [[1, 63], [64, 1], [65, 128], [3, 0, 70], [0, 130]] {
            let bitmaps = Array(TreeGrowthTests.digits.bitmaps.prefix(counts.reduce(0, +)))
            let ends = counts.reduce(into: [Int]()) { $0.append(($0.last ?? 0) + $1) }
            let rows = SampleRows(bitmaps: bitmaps, classEnds: ends)
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
