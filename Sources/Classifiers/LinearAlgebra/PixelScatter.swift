import CBitKernels
import Digits

/// How pixels vary together among rows: sums of squares and products, from which covariances follow.
///
/// Of bits they are counts: how often a pixel is set, and how often two are, which is the popcount of the AND of their columns.
struct PixelScatter {
    private static let pixelCount = Bitmap.pixelCount

    /// In how many rows each class's pixels are set: classes x 256.
    let setCounts: [Double]
    /// Rows of each class.
    let rowCounts: [Double]
    /// 256 x 256: in how many rows both pixels are set.
    private let pairCounts: [Double]

    init(_ rows: RowsByClass) {
        let positions = rows.classes.indices
        rowCounts = positions.map { Double(rows.range(ofClass: $0).count) }
        setCounts = positions.flatMap { PixelScatter.setCounts(rows.bitmaps[rows.range(ofClass: $0)]) }
        pairCounts = PixelScatter.pairCounts(rows.bitmaps)
    }

    /// As of one class.
    init(_ bitmaps: [Bitmap]) {
        rowCounts = [Double(bitmaps.count)]
        setCounts = PixelScatter.setCounts(bitmaps[...])
        pairCounts = PixelScatter.pairCounts(bitmaps)
    }

    var rowCount: Double { rowCounts.reduce(0, +) }

    /// The share of a class's rows in which a pixel is set.
    func mean(ofClass position: Int, pixel: Int) -> Double {
        setCounts[position * PixelScatter.pixelCount + pixel] / rowCounts[position]
    }

    /// 256 x 256: the sum over rows of (x - m)(x - m)^T, m being the mean of the row's class.
    func withinClasses() -> [Double] {
        let count = PixelScatter.pixelCount
        var scatter = pairCounts
        for (position, rows) in rowCounts.enumerated() {
            let sums = setCounts[position * count..<(position + 1) * count]
            for row in 0..<count {
                let share = sums[sums.startIndex + row] / rows
                for column in 0...row { scatter[row * count + column] -= share * sums[sums.startIndex + column] }
            }
        }
        for row in 0..<count {
            for column in 0..<row { scatter[column * count + row] = scatter[row * count + column] }
            // Exactly 0 where a pixel is the same in all rows of each class, whatever the rounding of the subtractions.
            if isConstantInEveryClass(pixel: row) {
                for other in 0..<count {
                    scatter[row * count + other] = 0
                    scatter[other * count + row] = 0
                }
            }
        }
        return scatter
    }

    private func isConstantInEveryClass(pixel: Int) -> Bool {
        rowCounts.indices.allSatisfy { position in
            let count = setCounts[position * PixelScatter.pixelCount + pixel]
            return count == 0 || count == rowCounts[position]
        }
    }

    private static func setCounts(_ bitmaps: ArraySlice<Bitmap>) -> [Double] {
        var counts = [Double](repeating: 0, count: pixelCount)
        let ones = [Double](repeating: 1, count: bitmaps.count)
        withWords(of: bitmaps) { _ = bk_sum_weights($0, ones, ones.count, &counts) }
        return counts
    }

    private static func pairCounts(_ bitmaps: [Bitmap]) -> [Double] {
        let wordCount = (bitmaps.count + 63) / 64
        var columns = [UInt64](repeating: 0, count: pixelCount * wordCount)
        withWords(of: bitmaps[...]) { words in
            guard let words else { return }
            for word in 0..<wordCount {
                columns.withUnsafeMutableBufferPointer { columns in
                    bk_columns(words + word * 64 * 4, min(64, bitmaps.count - word * 64), columns.baseAddress.map { $0 + word }, wordCount)
                }
            }
        }
        var counts = [Double](repeating: 0, count: pixelCount * pixelCount)
        bk_count_pairs(columns, wordCount, &counts)
        return counts
    }

    private static func withWords(of bitmaps: ArraySlice<Bitmap>, _ body: (UnsafePointer<UInt64>?) -> Void) {
        // A Bitmap is four UInt64 and nothing else.
        bitmaps.withUnsafeBytes { body($0.baseAddress?.assumingMemoryBound(to: UInt64.self)) }
    }
}
