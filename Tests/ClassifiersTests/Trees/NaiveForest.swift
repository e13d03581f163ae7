import Digits

@testable import Classifiers

/// A forest walked and grown the plain way, to compare with.
enum NaiveForest {
    /// A node as a tree, not as an array.
    indirect enum Node: Equatable {
        case leaf(counts: [Int])
        case split(feature: Int, left: Node, right: Node)
    }

    /// The trees that the codes say, leaves of one class as a count of 1.
    static func trees(_ nodes: ForestNodes) -> [Node] {
        var rest = nodes.codes[...]
        var trees: [Node] = []
        while !rest.isEmpty { trees.append(node(&rest, nodes)) }
        return trees
    }

    private static func node(_ rest: inout ArraySlice<Int32>, _ nodes: ForestNodes) -> Node {
        let code = Int(rest.removeFirst())
        if code >= 0 {
            let left = node(&rest, nodes)
            return .split(feature: code, left: left, right: node(&rest, nodes))
        }
        let leaf = -1 - code
        if leaf >= nodes.classCount { return .leaf(counts: nodes.distributions[leaf - nodes.classCount]) }
        return .leaf(counts: (0..<nodes.classCount).map { $0 == leaf ? 1 : 0 })
    }

    /// Class fractions of the leaf that a bitmap comes to, by class position.
    static func fractions(_ node: Node, _ bitmap: Bitmap) -> [Double] {
        switch node {
        case .leaf(let counts): counts.map { Double($0) / Double(counts.reduce(0, +)) }
        case .split(let feature, let left, let right): fractions(bitmap[feature] ? right : left, bitmap)
        }
    }

    static func depth(_ node: Node) -> Int {
        switch node {
        case .leaf: 0
        case .split(_, let left, let right): 1 + max(depth(left), depth(right))
        }
    }

    /// Rows in the smallest leaf that these rows come to.
    static func smallestLeafCount(_ node: Node, _ rows: [Bitmap]) -> Int {
        switch node {
        case .leaf: rows.count
        case .split(let feature, let left, let right):
            min(
                smallestLeafCount(left, rows.filter { !$0[feature] }), smallestLeafCount(right, rows.filter { $0[feature] }))
        }
    }

    /// Rows times Gini impurity, both sides together, after a split by a pixel.
    static func impurity(_ rows: [(Bitmap, Int)], split pixel: Int, classCount: Int) -> Double {
        func impurity(_ rows: [(Bitmap, Int)]) -> Double {
            let counts = (0..<classCount).map { position in Double(rows.count { $0.1 == position }) }
            let total = Double(rows.count)
            return total - counts.reduce(0) { $0 + $1 * $1 } / total
        }
        return impurity(rows.filter { $0.0[pixel] }) + impurity(rows.filter { !$0.0[pixel] })
    }

    /// The least impurity that a pixel leaves of those that differ; nil where none does.
    static func bestImpurity(_ rows: [(Bitmap, Int)], classCount: Int) -> Double? {
        (0..<Bitmap.pixelCount).compactMap { pixel -> Double? in
            let setCount = rows.count { $0.0[pixel] }
            return setCount == 0 || setCount == rows.count ? nil : impurity(rows, split: pixel, classCount: classCount)
        }.min()
    }
}
