import CBitKernels
import Digits

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How a tree grows: which splits it looks for, and where it stops.
///
/// CART (Breiman, Friedman, Olshen, Stone, "Classification and Regression Trees", 1984, section 2.4) with the random feature choice of
/// Breiman, "Random Forests", Machine Learning 45 (2001), section 4. A node is split by the pixel that leaves the least impurity, sum
/// over sides of (rows of the side / rows) x `criterion` of the side, among `featureCount` pixels drawn without replacement; of equally
/// good ones by the first drawn. As in scikit-learn the drawing goes on past `featureCount` until it has met a pixel that differs
/// within the node, and a split that improves nothing is still made. A node becomes a leaf when it shows one class, lies as deep as
/// its tree may, when it has fewer than `leastSplit` rows, when no pixel differs, or when no split of those drawn leaves `leastLeaf` rows on
/// either side; a row that the sample holds several times is one of them, while it weighs as often in the impurity. Where leaves are
/// counted, `BestFirstGrowth.swift` says which node is split next; where branches have to be worth their leaves,
/// `CostComplexityPruning.swift` says what is left.
///
/// Departures: pixels that were constant in an ancestor are drawn like all others, which changes no probability: scikit-learn passes
/// them over only to save time, and counts them as drawn. And what a node draws depends on (seed, tree, path from the root) alone, not
/// on the order in which nodes are grown: a tree of limited depth is the deeper tree, cut.
struct TreeGrowth {
    /// A depth that is no limit, since a pixel splits at most once on a path.
    static let unlimitedDepth = Bitmap.pixelCount

    /// Pixels that a split is chosen from, 1...256.
    let featureCount: Int
    /// Fewest different rows in a leaf, 1 or more.
    let leastLeaf: UInt32
    /// Fewest different rows in a node that is split; all that can be have 2.
    let leastSplit: Int
    /// Most leaves, 2 or more; the largest number for no bound.
    let mostLeaves: Int
    private let pruningAlpha: Double
    private let entropyTerms: [Double]

    /// - Parameter rowCount: of the rows that the model is trained on, and so of every sample.
    init(featureCount: Int, limits: TreeLimits, criterion: SplitCriterion, rowCount: Int) {
        self.featureCount = featureCount
        leastLeaf = UInt32(clamping: limits.minSamplesLeaf.count(of: rowCount))
        leastSplit = limits.minSamplesSplit.count(of: rowCount)
        mostLeaves = limits.maxLeafNodes ?? .max
        pruningAlpha = limits.ccpAlpha
        entropyTerms = criterion.entropyTerms(rowCount: rowCount)
    }

    /// Grows one tree on a sample and appends its nodes to the forests that want it.
    ///
    /// - Throws: `TrainingError.cancelled` where the task was cancelled and columns are about to be made of more than 64 rows; the tree is
    ///   then not whole.
    func grow(on sample: SampleRows, seed: UInt64, tree: Int, into forests: inout ForestCuts) throws(TrainingError) {
        var grower = TreeGrower(growth: self, seed: seed, tree: tree, maxDepth: forests.beginTree(tree))
        if mostLeaves == .max && pruningAlpha == 0 {
            try grower.grow(sample, depth: 0, path: 1, into: &forests)
        } else {
            var whole = try grower.wholeTree(on: sample)
            if pruningAlpha > 0 { whole.prune(alpha: pruningAlpha, impurity: impurity) }
            whole.append(to: &forests)
        }
    }

    /// The impurity of rows of each class, times their number.
    func impurity(_ counts: [Int]) -> Double {
        let rowCount = counts.reduce(0, +)
        if entropyTerms.isEmpty {
            return rowCount == 0 ? 0 : Double(rowCount) - Double(counts.reduce(0) { $0 + $1 * $1 }) / Double(rowCount)
        }
        return counts.reduce(entropyTerms[rowCount]) { $0 - entropyTerms[$1] }
    }

    /// The terms of the entropy; nil for Gini's criterion.
    func withEntropyTerms<Result>(_ body: (UnsafePointer<Double>?) -> Result) -> Result {
        entropyTerms.withUnsafeBufferPointer { body($0.isEmpty ? nil : $0.baseAddress) }
    }
}

/// One tree while it grows.
struct TreeGrower {
    let growth: TreeGrowth
    let maxDepth: Int
    private let seed: UInt64
    private let tree: Int
    private var draws = FeatureDraws()

    fileprivate init(growth: TreeGrowth, seed: UInt64, tree: Int, maxDepth: Int) {
        self.growth = growth
        self.seed = seed
        self.tree = tree
        self.maxDepth = maxDepth
    }

    /// Grows the node of these rows in columns of their own.
    fileprivate mutating func grow(_ rows: SampleRows, depth: Int, path: UInt64, into forests: inout ForestCuts) throws(TrainingError) {
        if rows.bitmaps.count <= ColumnWord.rowCapacity {
            let word = ColumnWord(rows)
            grow(word, word.everyRow, depth: depth, path: path, into: &forests)
        } else {
            if Task.isCancelled { throw .cancelled }
            let block = ColumnBlock(rows)
            try grow(block, block.everyRow, depth: depth, path: path, into: &forests)
        }
    }

    private mutating func grow(
        _ block: ColumnBlock, _ mask: [UInt64], depth: Int, path: UInt64, into forests: inout ForestCuts
    ) throws(TrainingError) {
        let counts = block.classCounts(mask)
        let rowCount = counts.reduce(0, +)
        // A node that fills a small part of its columns goes on in smaller ones.
        if block.isSparse(classCounts: counts) {
            try grow(block.rows(mask), depth: depth, path: path, into: &forests)
            return
        }
        guard depth < maxDepth, rowCount >= 2 * Int(growth.leastLeaf), counts.count(where: { $0 > 0 }) >= 2,
            growth.leastSplit <= 2 || block.distinctCount(mask) >= growth.leastSplit,
            let feature = splittingFeature(path: path, try: { block.bestSplit(mask, features: $0, growth: $1) })
        else {
            forests.appendLeaf(counts, depth: depth)
            return
        }
        forests.appendSplit(feature, depth: depth, counts: counts)
        let (left, right) = block.split(mask, feature: feature)
        try grow(block, left, depth: depth + 1, path: path &* 2, into: &forests)
        try grow(block, right, depth: depth + 1, path: path &* 2 &+ 1, into: &forests)
    }

    private mutating func grow(_ word: ColumnWord, _ mask: UInt64, depth: Int, path: UInt64, into forests: inout ForestCuts) {
        if let only = word.onlyClass(mask) {
            forests.appendLeaf(onlyClass: only, depth: depth)
            return
        }
        guard depth < maxDepth, mask.nonzeroBitCount >= 2 * Int(growth.leastLeaf),
            growth.leastSplit <= 2 || word.distinctCount(mask) >= growth.leastSplit,
            let feature = splittingFeature(path: path, try: { word.bestSplit(mask, features: $0, growth: $1) })
        else {
            forests.appendLeaf(word.classCounts(mask), depth: depth)
            return
        }
        forests.appendSplit(feature, depth: depth, counts: word.classCounts(mask))
        let column = word.column(feature)
        grow(word, mask & ~column, depth: depth + 1, path: path &* 2, into: &forests)
        grow(word, mask & column, depth: depth + 1, path: path &* 2 &+ 1, into: &forests)
    }

    /// Draws pixels and tries them; nil where none of those drawn can split the node.
    ///
    /// - Parameter path: 1 for the root, then a bit a turn; past 63 turns the oldest are forgotten, and nodes of one tree that far down
    ///   may draw alike.
    mutating func splittingFeature(path: UInt64, try evaluate: (UnsafeBufferPointer<UInt8>, TreeGrowth) -> bk_split) -> Int? {
        var stream = RandomStream(seed: seed, purpose: .treeFeatures, index: tree, subindex: Int(truncatingIfNeeded: path))
        draws.start()
        var drawn = draws.draw(growth.featureCount, from: &stream)
        while !drawn.isEmpty {
            let split = draws.withFeatures(drawn) { evaluate($0, growth) }
            if split.differs != 0 {
                return split.position < 0 ? nil : draws.feature(drawn.lowerBound + split.position)
            }
            drawn = draws.draw(1, from: &stream)
        }
        return nil
    }
}

/// Pixels in random order, drawn without replacement: the Fisher-Yates shuffle as far as it is needed.
private struct FeatureDraws {
    private static let inOrder = InlineArray<256, UInt8> { UInt8($0) }

    private var order = inOrder
    private var drawnCount = 0

    /// All pixels can be drawn again.
    mutating func start() {
        order = FeatureDraws.inOrder
        drawnCount = 0
    }

    /// Draws up to `count` more; gives their places in the order of drawing.
    mutating func draw(_ count: Int, from stream: inout RandomStream) -> Range<Int> {
        let places = drawnCount..<min(drawnCount + count, order.count)
        while drawnCount < places.upperBound {
            let batchCount = min(RandomStream.batchCapacity, places.upperBound - drawnCount)
            let steps = stream.descendingIntegers(below: order.count - drawnCount, count: batchCount)
            for place in 0..<batchCount {
                let other = drawnCount + place + Int(truncatingIfNeeded: steps[place])
                (order[drawnCount + place], order[other]) = (order[other], order[drawnCount + place])
            }
            drawnCount += batchCount
        }
        return places
    }

    func feature(_ place: Int) -> Int { Int(order[place]) }

    func withFeatures<Result>(_ places: Range<Int>, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        order.span.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[places])) }
    }
}

/// What a split is judged by, in scikit-learn's spelling: how mixed the classes are on its two sides.
public enum SplitCriterion: String, CaseIterable, Hashable, Sendable {
    /// 1 - sum over classes of share^2
    case gini
    /// -sum over classes of share log2(share)
    case entropy

    /// n log2 n for n in 0...rowCount, of which the entropy of any split is a sum; empty for Gini's criterion, which needs none.
    func entropyTerms(rowCount: Int) -> [Double] {
        switch self {
        case .gini: []
        case .entropy: (0...rowCount).map { $0 < 2 ? 0 : Double($0) * log2(Double($0)) }
        }
    }
}
