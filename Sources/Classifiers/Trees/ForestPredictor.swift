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
        withLeaves(of: bitmap, groups: 0..<groupCount) { leaves in
            var tally = Tally()
            for leaf in leaves { add(leaf, to: &tally) }
            return tally.mean(treeCount: treeCount)
        }
    }

    /// The scores of several forests, each the first trees of this one.
    ///
    /// - Parameter treeCounts: ascending, none above the number of trees.
    func scores(for bitmap: Bitmap, treeCounts: [Int]) -> [DigitScores] {
        withLeaves(of: bitmap, groups: 0..<groupCount) { leaves in
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

    /// Groups of trees that are walked abreast.
    var groupCount: Int { roots.count / BK_TREES_ABREAST }

    /// The numbers of a group's trees, at most 64.
    func trees(ofGroup group: Int) -> Range<Int> {
        group * BK_TREES_ABREAST..<min((group + 1) * BK_TREES_ABREAST, treeCount)
    }

    /// The sum over some trees of a group of the class fractions of the leaves that the bitmap comes to.
    ///
    /// - Parameter judges: bit t for the t-th tree of the group.
    func scoreSum(for bitmap: Bitmap, group: Int, judges: UInt64) -> DigitScores {
        withLeaves(of: bitmap, groups: group..<group + 1) { leaves in
            var tally = Tally()
            for bit in leaves.indices where judges &>> UInt64(bit) & 1 == 1 { add(leaves[bit], to: &tally) }
            return tally.mean(treeCount: 1)
        }
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

    /// The leaves that the bitmap comes to in the trees of some groups; those of all groups are as many as trees.
    private func withLeaves<Result>(
        of bitmap: Bitmap, groups: Range<Int>, _ body: (UnsafeBufferPointer<UInt32>) -> Result
    ) -> Result {
        // One tree alone leaves nothing to overlap.
        if treeCount == 1 { return withUnsafePointer(to: leafOfFirstTree(for: bitmap)) { body(UnsafeBufferPointer(start: $0, count: 1)) } }
        let places = groups.lowerBound * BK_TREES_ABREAST..<groups.upperBound * BK_TREES_ABREAST
        return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: places.count) { leaves in
            roots.withUnsafeBufferPointer { roots in
                withUnsafeBytes(of: bitmap.words) { words in
                    bk_walk_trees(
                        nodes, UnsafeBufferPointer(rebasing: roots[places]).baseAddress, groups.count,
                        words.baseAddress?.assumingMemoryBound(to: UInt64.self), leaves.baseAddress)
                }
            }
            return body(UnsafeBufferPointer(rebasing: leaves[..<min(places.count, treeCount - places.lowerBound)]))
        }
    }

    private func leafOfFirstTree(for bitmap: Bitmap) -> UInt32 {
        let root = roots[0]
        var node = nodes[Int(root)]
        while node < ForestPredictor.leafMark {
            let set: UInt32 = bitmap[Int(node &>> 23)] ? 1 : 0
            node = nodes[Int(root + node & UInt32(ForestPredictor.largestTreeNodeCount - 1) + set)]
        }
        return node & ~ForestPredictor.leafMark
    }
}
