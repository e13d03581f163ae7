/// Minimal cost-complexity pruning: Breiman, Friedman, Olshen, Stone, "Classification and Regression Trees", 1984, section 3.3.
///
/// With R(t) the impurity of a node times its share of the rows, and R(T) its sum over a tree's leaves, what is left is the smallest subtree with
/// the same root that minimises R(T) + alpha x leaves. It is found from the leaves upwards: a node becomes a leaf where what is left of its
/// branch lessens R by no more than alpha for each leaf beyond the first, (R(t) - R(branch)) / (leaves - 1) <= alpha. scikit-learn cuts the
/// weakest branch of the whole tree again and again, and comes to the same subtree.
extension GrownTree {
    /// - Parameters:
    ///   - alpha: 0 or greater.
    ///   - impurity: of rows of each class, times their number.
    mutating func prune(alpha: Double, impurity: ([Int]) -> Double) {
        let rowCount = Double(nodes[0].counts.reduce(0, +))
        // Of the branch that is left of each node. Children stand after their parents.
        var risks = [Double](repeating: 0, count: nodes.count)
        var leafCounts = [Int](repeating: 1, count: nodes.count)
        for place in nodes.indices.reversed() {
            let ownRisk = impurity(nodes[place].counts) / rowCount
            risks[place] = ownRisk
            guard let split = nodes[place].split else { continue }
            let risk = risks[split.left] + risks[split.right]
            let leafCount = leafCounts[split.left] + leafCounts[split.right]
            if (ownRisk - risk) / Double(leafCount - 1) <= alpha {
                nodes[place].split = nil
            } else {
                risks[place] = risk
                leafCounts[place] = leafCount
            }
        }
    }
}
