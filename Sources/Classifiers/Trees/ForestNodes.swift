/// The trees of a forest as they grow and as they are written: their nodes in preorder, tree after tree.
///
/// A split is the number of its pixel, 0...255, and is followed by its left subtree (pixel not set) and its right one. A leaf is
/// -1 - l: for l below the number of classes all its rows are of class l, counted by position; above, l - classCount is a row of
/// `distributions`. Since every split has two children, nothing else is needed to know where subtrees and trees end.
struct ForestNodes: Sendable {
    let classCount: Int
    private(set) var codes: [Int32] = []
    /// Rows of each class, by position, in leaves that show several: each distinct one once.
    private(set) var distributions: [[Int]] = []
    private var indexOfDistribution: [[Int]: Int] = [:]

    init(classCount: Int) {
        self.classCount = classCount
    }

    /// Nodes and distributions that are known to fit: `RandomForestPayload` has validated them.
    init(classCount: Int, codes: [Int32], distributions: [[Int]]) {
        self.classCount = classCount
        self.codes = codes
        self.distributions = distributions
    }

    mutating func appendSplit(_ feature: Int) {
        codes.append(Int32(feature))
    }

    mutating func appendLeaf(onlyClass position: Int) {
        codes.append(Int32(-1 - position))
    }

    /// - Parameter counts: rows of each class in the leaf, not all zero.
    mutating func appendLeaf(_ counts: [Int]) {
        if counts.count(where: { $0 > 0 }) == 1, let only = counts.firstIndex(where: { $0 > 0 }) {
            appendLeaf(onlyClass: only)
            return
        }
        let index = indexOfDistribution[counts] ?? distributions.count
        if index == distributions.count {
            distributions.append(counts)
            indexOfDistribution[counts] = index
        }
        codes.append(Int32(-1 - classCount - index))
    }
}
