import CBitKernels
import Digits

/// A forest laid out for prediction: nodes of four bytes in one array, 64 trees walked abreast.
///
/// Children stand side by side, so that a step is: load a node, look up its pixel, add the pixel to the place of the left child. Walking
/// many trees at once overlaps their loads; a branch that depends on a pixel, and would be mispredicted half of the time, does not occur.
struct ForestPredictor: Sendable {
    /// The node format of `bk_walk_trees`.
    private let nodes: [UInt32]
    /// Where trees begin in `nodes`; padded with the first tree to a multiple of 64.
    private let roots: [UInt32]
    private let treeCount: Int
    /// Score of the leaves that show one class, by class position: 1 for its digit.
    private let oneClassCounts: [SIMD16<UInt32>]
    /// Class fractions of the leaves that show several.
    private let fractions: [DigitScores]

    /// Most nodes of one tree: places of children are 23 bits.
    static let largestTreeNodeCount = 1 << 23

    private static let leafMark: UInt32 = 1 << 31

    init(_ forest: ForestNodes, classes: [UInt8]) {
        var nodes: [UInt32] = []
        nodes.reserveCapacity(forest.codes.count)
        var roots: [UInt32] = []
        // Places, counted from the root of their tree, whose nodes are still to come, the next one last: preorder fills them in this order.
        var openPlaces: [UInt32] = []
        for code in forest.codes {
            if openPlaces.isEmpty {
                roots.append(UInt32(nodes.count))
                nodes.append(0)
                openPlaces.append(0)
            }
            let root = roots[roots.count - 1]
            let place = openPlaces.removeLast()
            if code < 0 {
                nodes[Int(root + place)] = ForestPredictor.leafMark | UInt32(-1 - code)
            } else {
                let leftChild = UInt32(nodes.count) - root
                nodes[Int(root + place)] = UInt32(code) << 23 | leftChild
                nodes.append(0)
                nodes.append(0)
                openPlaces.append(leftChild + 1)
                openPlaces.append(leftChild)
            }
        }
        treeCount = roots.count
        let abreast = BK_TREES_ABREAST
        roots += [UInt32](repeating: roots[0], count: (abreast - roots.count % abreast) % abreast)
        self.nodes = nodes
        self.roots = roots
        oneClassCounts = classes.map { digit in
            var counts = SIMD16<UInt32>.zero
            counts[Int(digit)] = 1
            return counts
        }
        fractions = forest.distributions.map { counts in
            let total = Double(counts.reduce(0, +))
            var scores = DigitScores()
            for (digit, count) in zip(classes, counts) { scores[Int(digit)] = Double(count) / total }
            return scores
        }
    }

    /// The mean over the trees of the class fractions of the leaves that the bitmap comes to.
    func scores(for bitmap: Bitmap) -> DigitScores {
        withLeaves(of: bitmap) { leaves in
            var tally = Tally()
            for leaf in leaves { add(leaf, to: &tally) }
            return tally.mean(treeCount: treeCount)
        }
    }

    /// The scores of several forests, each the first trees of this one.
    ///
    /// - Parameter treeCounts: ascending, none above the number of trees.
    func scores(for bitmap: Bitmap, treeCounts: [Int]) -> [DigitScores] {
        withLeaves(of: bitmap) { leaves in
            var tally = Tally()
            var tree = 0
            return treeCounts.map { treeCount in
                while tree < treeCount {
                    add(leaves[tree], to: &tally)
                    tree += 1
                }
                return tally.mean(treeCount: treeCount)
            }
        }
    }

    /// The class fractions of the leaf that a bitmap comes to in one tree.
    func scores(for bitmap: Bitmap, tree: Int) -> DigitScores {
        let root = roots[tree]
        var node = nodes[Int(root)]
        while node < ForestPredictor.leafMark {
            let isSet: UInt32 = bitmap[Int(node >> 23)] ? 1 : 0
            node = nodes[Int(root + (node & 0x7F_FFFF) + isSet)]
        }
        var tally = Tally()
        add(node & ~ForestPredictor.leafMark, to: &tally)
        return tally.mean(treeCount: 1)
    }

    /// Leaves of one class are counted in whole numbers, the others' fractions added in the order of trees: the sums of a forest's first
    /// trees are those of the smaller forest.
    private struct Tally {
        var counts = SIMD16<UInt32>.zero
        var fractions = DigitScores.zero

        func mean(treeCount: Int) -> DigitScores {
            var scores = fractions
            for digit in 0..<DigitDataset.classCount { scores[digit] += Double(counts[digit]) }
            scores /= Double(treeCount)
            return scores
        }
    }

    @inline(__always)
    private func add(_ leaf: UInt32, to tally: inout Tally) {
        let leaf = Int(leaf)
        if leaf < oneClassCounts.count {
            tally.counts &+= oneClassCounts[leaf]
        } else {
            tally.fractions += fractions[leaf - oneClassCounts.count]
        }
    }

    private func withLeaves<Result>(of bitmap: Bitmap, _ body: (UnsafeBufferPointer<UInt32>) -> Result) -> Result {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: roots.count) { leaves in
            withUnsafeBytes(of: bitmap.words) { words in
                bk_walk_trees(
                    nodes, roots, roots.count / BK_TREES_ABREAST,
                    words.baseAddress?.assumingMemoryBound(to: UInt64.self), leaves.baseAddress)
            }
            return body(UnsafeBufferPointer(rebasing: leaves[..<treeCount]))
        }
    }
}
