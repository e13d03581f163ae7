import Digits

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

/// The numbers of a random forest, as they stand in a model document.
public struct RandomForestPayload: Codable, Sendable {
    /// The nodes of all trees in preorder: a split is the number of its pixel, 0...255, followed by the subtree for a pixel that is not
    /// set and the subtree for one that is. -1 - l is a leaf: of the class at position l for l below the number of classes, else of row
    /// l - (number of classes) of `leafCounts`.
    let nodes: [Int32]
    /// Rows x classes, row after row: how many training rows of each class, by position, leaves with several classes hold.
    let leafCounts: [Int]

    init(_ forest: ForestNodes) {
        nodes = forest.codes
        leafCounts = forest.distributions.flatMap { $0 }
    }

    /// - Throws: `TrainingError.invalidModel` naming the field that does not fit: not digits in ascending order, counts that are not
    ///   counts of several classes, a node out of range, or nodes that are not exactly `treeCount` whole trees.
    func validatedNodes(treeCount: Int, classes: [UInt8]) throws(TrainingError) -> ForestNodes {
        try PayloadCheck.classes(classes)
        let distributions = try validatedDistributions(classCount: classes.count)
        let lastLeaf = Int32(-classes.count - distributions.count)
        var openCount = 0
        var wholeTreeCount = 0
        var treeNodeCount = 0
        for (index, code) in nodes.enumerated() {
            guard (lastLeaf..<Int32(Bitmap.pixelCount)).contains(code) else {
                throw .invalidModel(field: "nodes[\(index)]", found: "\(code)", expected: "\(lastLeaf) to \(Bitmap.pixelCount - 1)")
            }
            if openCount == 0 {
                openCount = 1
                treeNodeCount = 0
            }
            openCount += code < 0 ? -1 : 1
            treeNodeCount += 1
            guard treeNodeCount < ForestPredictor.largestTreeNodeCount else {
                throw .invalidModel(
                    field: "nodes", found: "a tree of more", expected: "at most \(ForestPredictor.largestTreeNodeCount) nodes a tree")
            }
            if openCount == 0 { wholeTreeCount += 1 }
        }
        guard openCount == 0, wholeTreeCount == treeCount else {
            let torn = openCount == 0 ? "" : " and one that is not whole"
            throw .invalidModel(
                field: "nodes", found: "\(wholeTreeCount) trees\(torn)", expected: "\(treeCount) whole tree\(treeCount == 1 ? "" : "s")")
        }
        return ForestNodes(classCount: classes.count, codes: nodes, distributions: distributions)
    }

    private func validatedDistributions(classCount: Int) throws(TrainingError) -> [[Int]] {
        guard leafCounts.count.isMultiple(of: classCount) else {
            throw .invalidModel(field: "leafCounts", found: "\(leafCounts.count) numbers", expected: "a multiple of \(classCount)")
        }
        try PayloadCheck.each(leafCounts, of: "leafCounts", is: "0 to \(Int32.max)") { (0...Int(Int32.max)).contains($0) }
        let distributions = stride(from: 0, to: leafCounts.count, by: classCount).map { Array(leafCounts[$0..<$0 + classCount]) }
        if let row = distributions.firstIndex(where: { counts in counts.count { $0 > 0 } < 2 }) {
            throw .invalidModel(field: "leafCounts", found: "row \(row) of fewer than two classes", expected: "rows of several classes")
        }
        return distributions
    }
}
