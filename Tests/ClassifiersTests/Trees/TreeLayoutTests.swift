import Digits
import Testing

@testable import Classifiers

struct TreeLayoutTests {
    private static let bitmaps = SyntheticDigits.dataset(rowCount: 100, seed: 41).bitmaps

    /// The codes of a random tree in preorder.
    private func tree(depth: Int, leafKindCount: Int, stream: inout RandomStream) -> [Int32] {
        if depth == 0 || Int.random(in: 0..<8, using: &stream) == 0 {
            return [-1 - Int32.random(in: 0..<Int32(leafKindCount), using: &stream)]
        }
        return [Int32.random(in: 0..<256, using: &stream)]
            + tree(depth: depth - 1, leafKindCount: leafKindCount, stream: &stream)
            + tree(depth: depth - 1, leafKindCount: leafKindCount, stream: &stream)
    }

    @Test("small trees come to the leaves that wide ones come to", arguments: [2, 11, 12, 13, 64, 65, 300], [10, 40])
    func layouts(treeCount: Int, leafKindCount: Int) throws {
        var stream = RandomStream(seed: 5, purpose: .test)
        // Among them are trees of one leaf.
        let codes = (0..<treeCount).flatMap { tree(depth: $0 % 9, leafKindCount: leafKindCount, stream: &stream) }
        let wide = WideTrees(codes: codes)
        let small = try #require(SmallTrees(codes: codes, leafKindCount: leafKindCount))
        #expect(small.treeCount == treeCount && wide.treeCount == treeCount)
        for bitmap in TreeLayoutTests.bitmaps {
            for first in stride(from: 0, to: treeCount, by: 64) {
                let trees = first..<min(first + 64, treeCount)
                #expect(small.withLeaves(of: bitmap, trees: trees) { Array($0) } == wide.withLeaves(of: bitmap, trees: trees) { Array($0) })
            }
            let all = 0..<treeCount
            #expect(small.withLeaves(of: bitmap, trees: all) { Array($0) } == wide.withLeaves(of: bitmap, trees: all) { Array($0) })
        }
    }

    @Test("a tree of more than 4,095 words is none of the small ones, one of that many is")
    func largest() throws {
        // Splits in a row, each with a leaf to the left; one kind of leaf.
        func chain(splitCount: Int) -> [Int32] {
            (0..<splitCount).flatMap { [Int32($0 % 256), -1] } + [-1]
        }
        #expect(SmallTrees(codes: chain(splitCount: 4_094), leafKindCount: 1) == nil)
        let codes = chain(splitCount: 4_093) + [5, -1, -1]
        let small = try #require(SmallTrees(codes: codes, leafKindCount: 1))
        #expect(small.withLeaves(of: Bitmap(words: SIMD4(repeating: .max)), trees: 0..<2) { Array($0) } == [0, 0])
    }
}
