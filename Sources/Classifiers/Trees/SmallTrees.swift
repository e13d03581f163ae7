import CBitKernels
import Digits

/// Trees of less than 4,096 words laid out for prediction: a node of four bytes holds the ways to both its children, and `bk_walk_small_trees`
/// walks twelve trees abreast.
struct SmallTrees: Sendable {
    /// The trees one after another, each its splits in preorder and then its leaves, one for each thing that leaves of it say.
    private let nodes: [UInt32]
    /// Where trees begin in `nodes`, and after them that of the first tree for those that the walks want beside the last ones.
    private let roots: [UInt32]
    let treeCount: Int
    /// The mean depth of leaves: so many steps most walks take.
    private let sureStepCount: Int

    /// Nil where a tree is too large.
    ///
    /// - Parameter codes: those of `ForestNodes`, for leaves of `leafKindCount` kinds.
    init?(codes: [Int32], leafKindCount: Int) {
        var nodes: [UInt32] = []
        nodes.reserveCapacity(codes.count / 2 + codes.count / 16)
        var roots: [UInt32] = []
        // Nodes of the tree that are still to come, the next one last: preorder fills them in this order.
        var open: [Link] = []
        var leaves: [(link: Link, kind: Int)] = []
        // Of each kind of leaf its place, in the tree that had one last.
        var lastLeaf = [(tree: Int, place: Int)](repeating: (-1, 0), count: leafKindCount)
        var depthSum = 0
        var leafCount = 0
        for code in codes {
            if open.isEmpty {
                roots.append(UInt32(nodes.count))
                open.append(Link())
            }
            let link = open.removeLast()
            if code >= 0 {
                let place = nodes.count
                nodes.append(UInt32(code))
                link.set(place, in: &nodes)
                open.append(Link(parent: place, shift: SmallTrees.rightShift, depth: link.depth + 1))
                open.append(Link(parent: place, shift: SmallTrees.leftShift, depth: link.depth + 1))
            } else {
                leaves.append((link, Int(-1 - code)))
                depthSum += link.depth
                leafCount += 1
            }
            guard open.isEmpty else { continue }
            let root = Int(roots[roots.count - 1])
            for (link, kind) in leaves {
                if lastLeaf[kind].tree != roots.count {
                    lastLeaf[kind] = (roots.count, nodes.count)
                    nodes += [0, UInt32(kind)]
                }
                link.set(lastLeaf[kind].place, in: &nodes)
            }
            leaves.removeAll(keepingCapacity: true)
            guard nodes.count - root <= SmallTrees.largestWordCount else { return nil }
        }
        treeCount = roots.count
        let first = roots[0]
        sureStepCount = depthSum / leafCount
        roots += [UInt32](repeating: first, count: SmallTrees.paddingCount)
        self.nodes = nodes
        self.roots = roots
    }

    /// The leaves that a bitmap comes to in some trees.
    ///
    /// - Parameters:
    ///   - trees: not empty.
    ///   - body: gets a number a tree, what its leaf says.
    @inline(__always)
    func withLeaves<Result>(
        of bitmap: Bitmap, trees: Range<Int>, _ body: (UnsafeBufferPointer<UInt32>) -> Result
    ) -> Result {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: trees.count + SmallTrees.abreast) { leaves in
            roots.withUnsafeBufferPointer { roots in
                withUnsafeBytes(of: bitmap.words) { words in
                    bk_walk_small_trees(
                        nodes, UnsafeBufferPointer(rebasing: roots[trees.lowerBound...]).baseAddress, trees.count, sureStepCount,
                        words.baseAddress?.assumingMemoryBound(to: UInt64.self), leaves.baseAddress)
                }
            }
            return body(UnsafeBufferPointer(rebasing: leaves[..<trees.count]))
        }
    }

    /// Where a node's number is to be written once its place is known.
    private struct Link {
        /// The place of the parent, nil for a root.
        var parent: Int?
        var shift: UInt32 = 0
        var depth = 0

        func set(_ place: Int, in nodes: inout [UInt32]) {
            // Too large a distance is found out when the tree is whole.
            if let parent { nodes[parent] |= UInt32(truncatingIfNeeded: place - parent) << shift }
        }
    }

    /// The format of a node.
    private static let leftShift: UInt32 = 8
    private static let rightShift: UInt32 = 20
    private static let largestWordCount = 4_095

    private static let abreast = Int(BK_SMALL_TREES_ABREAST)
    /// The last trees are filled up to a multiple, and those after them are fetched beforehand.
    private static let paddingCount = 2 * abreast
}
