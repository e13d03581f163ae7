/// One forest as several limits of depth leave it, grown at once.
///
/// A tree of limited depth is the deeper tree, cut: down to its limit it has the same splits, and what is a split in that depth is a
/// leaf of all the node's rows. Nodes come in preorder, each with its depth, 0 for a root, and go to the forests that reach so deep.
struct ForestCuts {
    /// Trees of a limited depth that are wanted.
    struct Limit: Hashable {
        /// Most splits between the root and a leaf, 1 or more.
        let maxDepth: Int
        let treeCount: Int
    }

    /// By depth, ascending, each depth once.
    let limits: [Limit]
    /// The forests of `limits`, in their order.
    private(set) var forests: [ForestNodes]
    /// Those that want the tree that grows, the deepest first.
    private var growing: [Int] = []

    /// - Parameter limits: one or more, ascending by depth, each depth once.
    init(classCount: Int, limits: [Limit]) {
        precondition(!limits.isEmpty && zip(limits, limits.dropFirst()).allSatisfy { $0.maxDepth < $1.maxDepth })
        self.limits = limits
        forests = [ForestNodes](repeating: ForestNodes(classCount: classCount), count: limits.count)
    }

    /// The trees that at least one limit wants.
    var treeCount: Int { limits.reduce(0) { max($0, $1.treeCount) } }

    /// Begins the tree of this number; gives the depth that it has to reach.
    mutating func beginTree(_ tree: Int) -> Int {
        growing = limits.indices.reversed().filter { limits[$0].treeCount > tree }
        return growing.first.map { limits[$0].maxDepth } ?? 0
    }

    /// - Parameter counts: rows of each class in the node, for the forest that ends here.
    mutating func appendSplit(_ feature: Int, depth: Int, counts: @autoclosure () -> [Int]) {
        for index in growing {
            if limits[index].maxDepth > depth {
                forests[index].appendSplit(feature)
            } else {
                if limits[index].maxDepth == depth { forests[index].appendLeaf(counts()) }
                return
            }
        }
    }

    /// - Parameter counts: rows of each class in the leaf, not all zero.
    mutating func appendLeaf(_ counts: [Int], depth: Int) {
        for index in growing where limits[index].maxDepth >= depth { forests[index].appendLeaf(counts) }
    }

    mutating func appendLeaf(onlyClass position: Int, depth: Int) {
        for index in growing where limits[index].maxDepth >= depth { forests[index].appendLeaf(onlyClass: position) }
    }
}
