import CBitKernels
import Digits

/// Bitmaps laid out for kernel rows: blocks of eight, within a block the eight first words, then the eight second words, and so on,
/// so that a 512-bit register holds the same word of eight bitmaps. The last block is filled up with blank bitmaps.
struct BitmapBlocks: Sendable {
    static let blockRows = Int(BK_BLOCK_ROWS)

    /// Bitmaps, without the filling.
    let rowCount: Int
    let blockCount: Int
    /// blockCount x 4 words x 8 rows.
    let words: [UInt64]

    init(_ bitmaps: some RandomAccessCollection<Bitmap>) {
        rowCount = bitmaps.count
        blockCount = BitmapBlocks.blocks(rows: bitmaps.count)
        var words = [UInt64](repeating: 0, count: blockCount * 4 * BitmapBlocks.blockRows)
        for (row, bitmap) in bitmaps.enumerated() {
            let (block, lane) = row.quotientAndRemainder(dividingBy: BitmapBlocks.blockRows)
            for word in 0..<4 { words[(block * 4 + word) * BitmapBlocks.blockRows + lane] = bitmap.words[word] }
        }
        self.words = words
    }

    /// The number of blocks that hold this many rows.
    static func blocks(rows: Int) -> Int { (rows + blockRows - 1) / blockRows }

    /// The kernel of a bitmap with the rows of some blocks, filling included.
    ///
    /// - Precondition: `values` holds eight elements a block.
    @inline(__always)
    func kernelValues(of bitmap: Bitmap, blocks: Range<Int>, table: KernelTable, into values: UnsafeMutablePointer<Float>) {
        precondition(blocks.lowerBound >= 0 && blocks.upperBound <= blockCount)
        withUnsafeBytes(of: bitmap.words) { query in
            words.withUnsafeBufferPointer { words in
                table.values.withUnsafeBufferPointer { tableValues in
                    guard let query = query.baseAddress?.assumingMemoryBound(to: UInt64.self),
                        let start = words.baseAddress?.advanced(by: blocks.lowerBound * 4 * BitmapBlocks.blockRows),
                        let tableStart = tableValues.baseAddress
                    else { return }
                    switch table.argument {
                    case .dotProduct: bk_values_by_dot_product(query, start, blocks.count, tableStart, values)
                    case .squaredDistance: bk_values_by_distance(query, start, blocks.count, tableStart, values)
                    }
                }
            }
        }
    }
}
