import CBitKernels
import Digits

/// Trees laid out for prediction: nodes of four bytes in one array, 64 trees walked abreast by `bk_walk_trees`.
///
/// Children stand side by side, so that a step is: load a node, look up its pixel, add the pixel to the place of the left child.
struct WideTrees: Sendable {
    /// The node format of `bk_walk_trees`.
    private let nodes: [UInt32]
    /// Where trees begin in `nodes`; padded with the first tree to a multiple of 64.
    private let roots: [UInt32]
    let treeCount: Int

    /// Most nodes of one tree: places of children are 23 bits.
    static let largestNodeCount = 1 << 23

    private static let leafMark: UInt32 = 1 << 31

    /// - Parameter codes: those of `ForestNodes`.
    init(codes: [Int32]) {
        var nodes: [UInt32] = []
        nodes.reserveCapacity(codes.count)
        var roots: [UInt32] = []
        // Places, counted from the root of their tree, whose nodes are still to come, the next one last: preorder fills them in this order.
        var openPlaces: [UInt32] = []
        for code in codes {
            if openPlaces.isEmpty {
                roots.append(UInt32(nodes.count))
                nodes.append(0)
                openPlaces.append(0)
            }
            let root = roots[roots.count - 1]
            let place = openPlaces.removeLast()
            if code < 0 {
                nodes[Int(root + place)] = WideTrees.leafMark | UInt32(-1 - code)
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
    }

    /// The leaves that a bitmap comes to in some trees.
    ///
    /// - Parameters:
    ///   - trees: begins at a multiple of 64; not empty.
    ///   - body: gets a number a tree, what its leaf says.
    func withLeaves<Result>(of bitmap: Bitmap, trees: Range<Int>, _ body: (UnsafeBufferPointer<UInt32>) -> Result) -> Result {
        // One tree alone leaves nothing to overlap.
        if treeCount == 1 { return withUnsafePointer(to: leafOfFirstTree(for: bitmap)) { body(UnsafeBufferPointer(start: $0, count: 1)) } }
        let groupCount = (trees.count + BK_TREES_ABREAST - 1) / BK_TREES_ABREAST
        return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: groupCount * BK_TREES_ABREAST) { leaves in
            roots.withUnsafeBufferPointer { roots in
                withUnsafeBytes(of: bitmap.words) { words in
                    bk_walk_trees(
                        nodes, UnsafeBufferPointer(rebasing: roots[trees.lowerBound...]).baseAddress, groupCount,
                        words.baseAddress?.assumingMemoryBound(to: UInt64.self), leaves.baseAddress)
                }
            }
            return body(UnsafeBufferPointer(rebasing: leaves[..<trees.count]))
        }
    }

    private func leafOfFirstTree(for bitmap: Bitmap) -> UInt32 {
        let root = roots[0]
        var node = nodes[Int(root)]
        while node < WideTrees.leafMark {
            let set: UInt32 = bitmap[Int(node &>> 23)] ? 1 : 0
            node = nodes[Int(root + node & UInt32(WideTrees.largestNodeCount - 1) + set)]
        }
        return node & ~WideTrees.leafMark
    }
}
