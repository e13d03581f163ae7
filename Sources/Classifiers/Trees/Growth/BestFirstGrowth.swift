import CBitKernels
import Digits

/// A tree with the rows of each class in all of its nodes; children stand after their parents.
struct GrownTree: Sendable {
    struct Node: Sendable {
        /// Rows of each class, by position.
        let counts: [Int]
        /// Splits between the root and here.
        let depth: Int
        /// Nil for a leaf.
        var split: Split?
    }

    struct Split: Sendable {
        let feature: Int
        /// The places of the children for a pixel that is not set and for one that is.
        let left: Int
        let right: Int
    }

    var nodes: [Node] = []

    /// Writes the nodes in preorder to the forests that want the tree.
    func append(to forests: inout ForestCuts) {
        var open = [0]
        while let place = open.popLast() {
            let node = nodes[place]
            if let split = node.split {
                forests.appendSplit(split.feature, depth: node.depth, counts: node.counts)
                open += [split.right, split.left]
            } else {
                forests.appendLeaf(node.counts, depth: node.depth)
            }
        }
    }
}

/// Best-first growth: of all leaves that can be split, the one whose split lessens the impurity of all rows most is split next, until there are as
/// many leaves as may be.
///
/// Shi, "Best-first Decision Tree Learning", University of Waikato, 2007, section 3.3, and scikit-learn's `max_leaf_nodes`. Each leaf looks for
/// its split as in `TreeGrowth`, and what it draws depends on its path alone: without a bound on leaves the tree is the one that grows depth
/// first. Of equal splits that of the older leaf is made, while scikit-learn's order among them is that of its heap.
extension TreeGrower {
    /// Grows one tree as a whole.
    ///
    /// - Throws: `TrainingError.cancelled`, as `TreeGrowth.grow`.
    mutating func wholeTree(on sample: SampleRows) throws(TrainingError) -> GrownTree {
        var tree = GrownTree()
        var frontier = Frontier()
        var leafCount = 1
        try add(NodeRows(sample), depth: 0, path: 1, to: &tree, &frontier)
        while leafCount < growth.mostLeaves, let leaf = frontier.popBest() {
            let sides = try leaf.rows.split(leaf.feature)
            let depth = tree.nodes[leaf.place].depth + 1
            let left = tree.nodes.count
            try add(sides.left, depth: depth, path: leaf.path &* 2, to: &tree, &frontier)
            try add(sides.right, depth: depth, path: leaf.path &* 2 &+ 1, to: &tree, &frontier)
            tree.nodes[leaf.place].split = GrownTree.Split(feature: leaf.feature, left: left, right: left + 1)
            leafCount += 1
        }
        return tree
    }

    /// Adds a leaf to the tree, and to the frontier where it can be split.
    private mutating func add(
        _ rows: NodeRows, depth: Int, path: UInt64, to tree: inout GrownTree, _ frontier: inout Frontier
    ) throws(TrainingError) {
        let counts = rows.classCounts
        let place = tree.nodes.count
        tree.nodes.append(GrownTree.Node(counts: counts, depth: depth))
        guard depth < maxDepth, counts.count(where: { $0 > 0 }) >= 2, rows.distinctCount >= growth.leastSplit,
            let feature = splittingFeature(path: path, try: { rows.bestSplit(features: $0, growth: $1) })
        else { return }
        // Without a bound every leaf is split, whatever it gains.
        let gain = growth.mostLeaves == .max ? 0 : gain(of: rows, split: feature, counts: counts)
        frontier.insert(Frontier.Leaf(place: place, rows: rows, path: path, feature: feature, gain: gain))
    }

    /// By how much a split lessens the impurity, times rows.
    private func gain(of rows: NodeRows, split feature: Int, counts: [Int]) -> Double {
        let right = rows.classCounts(setIn: feature)
        let left = zip(counts, right).map { $0 - $1 }
        return growth.impurity(counts) - growth.impurity(left) - growth.impurity(right)
    }
}

/// The leaves that can be split.
private struct Frontier {
    struct Leaf {
        let place: Int
        let rows: NodeRows
        let path: UInt64
        let feature: Int
        let gain: Double
    }

    /// By gain, ascending, of equal ones the older later.
    private var leaves: [Leaf] = []

    mutating func insert(_ leaf: Leaf) {
        var places = 0..<leaves.count
        while !places.isEmpty {
            let middle = places.lowerBound + places.count / 2
            places = leaves[middle].gain < leaf.gain ? middle + 1..<places.upperBound : places.lowerBound..<middle
        }
        leaves.insert(leaf, at: places.lowerBound)
    }

    mutating func popBest() -> Leaf? { leaves.popLast() }
}

/// The rows of a node, in the columns that hold them.
private enum NodeRows {
    case word(ColumnWord, UInt64)
    case block(ColumnBlock, [UInt64])

    /// In columns of their own.
    init(_ rows: SampleRows) throws(TrainingError) {
        if rows.bitmaps.count <= ColumnWord.rowCapacity {
            let word = ColumnWord(rows)
            self = .word(word, word.everyRow)
        } else {
            if Task.isCancelled { throw .cancelled }
            let block = ColumnBlock(rows)
            self = .block(block, block.everyRow)
        }
    }

    var classCounts: [Int] {
        switch self {
        case .word(let word, let mask): word.classCounts(mask)
        case .block(let block, let mask): block.classCounts(mask)
        }
    }

    /// Rows of each class in which a pixel is set.
    func classCounts(setIn feature: Int) -> [Int] {
        switch self {
        case .word(let word, let mask): word.classCounts(mask & word.column(feature))
        case .block(let block, let mask): block.classCounts(block.split(mask, feature: feature).right)
        }
    }

    /// Different rows: copies count once.
    var distinctCount: Int {
        switch self {
        case .word(let word, let mask): word.distinctCount(mask)
        case .block(let block, let mask): block.distinctCount(mask)
        }
    }

    func bestSplit(features: UnsafeBufferPointer<UInt8>, growth: TreeGrowth) -> bk_split {
        switch self {
        case .word(let word, let mask): word.bestSplit(mask, features: features, growth: growth)
        case .block(let block, let mask): block.bestSplit(mask, features: features, growth: growth)
        }
    }

    func split(_ feature: Int) throws(TrainingError) -> (left: NodeRows, right: NodeRows) {
        switch self {
        case .word(let word, let mask):
            let column = word.column(feature)
            return (.word(word, mask & ~column), .word(word, mask & column))
        case .block(let block, let mask):
            let (left, right) = block.split(mask, feature: feature)
            return (try NodeRows.narrowed(block, left), try NodeRows.narrowed(block, right))
        }
    }

    /// In smaller columns where the rows fill a small part of these.
    private static func narrowed(_ block: ColumnBlock, _ mask: [UInt64]) throws(TrainingError) -> NodeRows {
        block.isSparse(classCounts: block.classCounts(mask)) ? try NodeRows(block.rows(mask)) : .block(block, mask)
    }
}
