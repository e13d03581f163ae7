import CBitKernels
import Digits

/// A forest laid out for prediction.
///
/// Many trees are walked at once, so that their loads overlap; a branch that depends on a pixel, and would be mispredicted half of the time, does
/// not occur.
struct ForestPredictor: Sendable {
    private let layout: Layout
    private let treeCount: Int
    /// Score of the leaves that show one class, by class position: 1 for its digit.
    private let oneClassCounts: [SIMD16<UInt32>]
    /// Class fractions of the leaves that show several.
    private let fractions: [DigitScores]

    /// Most nodes of one tree: places of children are 23 bits.
    static let largestTreeNodeCount = WideTrees.largestNodeCount

    /// The two come to the same leaves.
    private enum Layout: Sendable {
        case small(SmallTrees)
        case wide(WideTrees)

        init(_ forest: ForestNodes, leafKindCount: Int) {
            let wide = WideTrees(codes: forest.codes)
            // One tree alone has no others to be walked beside, and AVX-512 walks 64 wide ones by gathers.
            let wantsSmall = InstructionSet.inUse < .avx512f && wide.treeCount > 1
            self = (wantsSmall ? SmallTrees(codes: forest.codes, leafKindCount: leafKindCount) : nil).map(Layout.small) ?? .wide(wide)
        }

        var treeCount: Int {
            switch self {
            case .small(let trees): trees.treeCount
            case .wide(let trees): trees.treeCount
            }
        }
    }

    init(_ forest: ForestNodes, classes: [UInt8]) {
        layout = Layout(forest, leafKindCount: classes.count + forest.distributions.count)
        treeCount = layout.treeCount
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
        withLeaves(of: bitmap, trees: 0..<treeCount) { leaves in
            var tally = Tally()
            let kinds = kindCounts(leaves)
            for position in oneClassCounts.indices { tally.counts &+= oneClassCounts[position] &* kinds[position] }
            if tally.counts.wrappedSum() != treeCount {
                for leaf in leaves where Int(leaf) >= oneClassCounts.count {
                    tally.fractions += fractions[Int(leaf) - oneClassCounts.count]
                }
            }
            return tally.mean(treeCount: treeCount)
        }
    }

    /// The scores of several forests, each the first trees of this one.
    ///
    /// - Parameter treeCounts: ascending, none above the number of trees.
    func scores(for bitmap: Bitmap, treeCounts: [Int]) -> [DigitScores] {
        withLeaves(of: bitmap, trees: 0..<treeCount) { leaves in
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

    /// Groups of 64 trees.
    var groupCount: Int { (treeCount + groupTreeCount - 1) / groupTreeCount }

    /// The numbers of a group's trees, at most 64.
    func trees(ofGroup group: Int) -> Range<Int> {
        group * groupTreeCount..<min((group + 1) * groupTreeCount, treeCount)
    }

    private var groupTreeCount: Int { Int(BK_TREES_ABREAST) }

    /// The sum over some trees of a group of the class fractions of the leaves that the bitmap comes to.
    ///
    /// - Parameter judges: bit t for the t-th tree of the group.
    func scoreSum(for bitmap: Bitmap, group: Int, judges: UInt64) -> DigitScores {
        withLeaves(of: bitmap, trees: trees(ofGroup: group)) { leaves in
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

    /// How many leaves say 0, 1, … 14.
    @inline(__always)
    private func kindCounts(_ leaves: UnsafeBufferPointer<UInt32>) -> SIMD16<UInt32> {
        var counts = SIMD16<UInt32>.zero
        withUnsafeMutableBytes(of: &counts) { counts in
            bk_count_leaves(leaves.baseAddress, leaves.count, counts.baseAddress?.assumingMemoryBound(to: UInt32.self))
        }
        return counts
    }

    @inline(__always)
    private func withLeaves<Result>(
        of bitmap: Bitmap, trees: Range<Int>, _ body: (UnsafeBufferPointer<UInt32>) -> Result
    ) -> Result {
        switch layout {
        case .small(let small): small.withLeaves(of: bitmap, trees: trees, body)
        case .wide(let wide): wide.withLeaves(of: bitmap, trees: trees, body)
        }
    }
}
