import CBitKernels
import Digits

/// The dot products of every pair of bitmaps, rows x rows of values in 0...256; symmetric, its diagonal holds the ink counts.
///
/// Kernels are functions of it: x.z directly, and |x - z|^2 = x.x + z.z - 2 x.z.
public struct DotProductMatrix: Sendable {
    /// Rows past which the matrix is not made: 4,000 rows take 32 MB, and the memory of training has to stay linear in rows.
    public static let largestRowCount = 4_000

    /// Rows, and columns.
    public let rowCount: Int
    /// Row after row; row i, column j is the dot product of bitmaps i and j.
    public let values: [UInt16]

    /// Nil for more than `largestRowCount` bitmaps.
    public init?(bitmaps: [Bitmap]) {
        guard bitmaps.count <= DotProductMatrix.largestRowCount else { return nil }
        let rowCount = bitmaps.count
        self.rowCount = rowCount
        values = [UInt16](unsafeUninitializedCapacity: rowCount * rowCount) { buffer, initializedCount in
            for (row, bitmap) in bitmaps.enumerated() {
                let output = UnsafeMutableBufferPointer(rebasing: buffer[row * rowCount..<(row + 1) * rowCount])
                bitmap.dotProducts(with: bitmaps, into: output)
            }
            initializedCount = rowCount * rowCount
        }
    }
}
