import CBitKernels
import Digits

/// Bitmaps and a feature that is 1 in all of them: the matrix X of a linear model, rows x 257 bits, by rows and by columns.
struct BitMatrix {
    /// 256 pixels and the constant, which comes last.
    static let featureCount = Int(BK_LINEAR_FEATURES)

    let rowCount: Int
    /// Rows in a word of `columns`.
    private static let blockRows = 64
    private static let wordsOfBitmap = Bitmap.pixelCount / 64
    /// 4 words x rows: the first words of all rows, then the second ones.
    private let words: [UInt64]
    /// Blocks of 64 rows x 257 features, first row in the most significant bit.
    private let columns: [UInt64]
    private let blockCount: Int

    init(_ bitmaps: [Bitmap]) {
        rowCount = bitmaps.count
        blockCount = (bitmaps.count + BitMatrix.blockRows - 1) / BitMatrix.blockRows
        words = (0..<BitMatrix.wordsOfBitmap).flatMap { word in bitmaps.map { $0.words[word] } }
        var columns = [UInt64](repeating: 0, count: blockCount * BitMatrix.featureCount)
        for block in 0..<blockCount {
            let rows = bitmaps[(block * BitMatrix.blockRows)..<min((block + 1) * BitMatrix.blockRows, bitmaps.count)]
            // `bk_columns` puts the last row into the most significant bit.
            let filling = [Bitmap](repeating: .blank, count: BitMatrix.blockRows - rows.count)
            let reversed = filling + rows.reversed()
            columns.withUnsafeMutableBufferPointer { columns in
                reversed.withUnsafeBytes { bytes in
                    // A Bitmap is four UInt64 and nothing else.
                    guard let start = columns.baseAddress?.advanced(by: block * BitMatrix.featureCount),
                        let words = bytes.baseAddress?.assumingMemoryBound(to: UInt64.self)
                    else { return }
                    bk_columns(words, reversed.count, start, 1)
                    start[Bitmap.pixelCount] = .max &<< UInt64(filling.count)
                }
            }
        }
        self.columns = columns
    }

    /// A matrix with a row for each row of this one and, for the C loops, for those that the last block lacks.
    func rowMatrix() -> LaneMatrix {
        LaneMatrix(rowCount: blockCount * BitMatrix.blockRows)
    }

    /// result = X v, with v features x 16.
    func multiply(_ vectors: LaneMatrix, into result: inout LaneMatrix) {
        precondition(vectors.rows.count == BitMatrix.featureCount && result.rows.count >= rowCount)
        result.fill(vectors[Bitmap.pixelCount])
        result.withMutableNumbers { sums in
            vectors.withNumbers { bk_lane_products(words, rowCount, BitMatrix.wordsOfBitmap, $0, sums) }
        }
    }

    /// result += X^T r, with r a matrix from `rowMatrix`.
    func addTransposedProduct(_ vectors: LaneMatrix, to result: inout LaneMatrix) {
        precondition(vectors.rows.count >= blockCount * BitMatrix.blockRows && result.rows.count == BitMatrix.featureCount)
        result.withMutableNumbers { sums in
            vectors.withNumbers { bk_lane_products(columns, BitMatrix.featureCount, blockCount, $0, sums) }
        }
    }

    /// Numbers in single precision, rows x 16, as `rowMatrix` has them in double precision.
    func singleNumbers() -> [Float] {
        [Float](repeating: 0, count: blockCount * BitMatrix.blockRows * LaneMatrix.Lanes.scalarCount)
    }

    /// product = X^T diag(curvatures) X v, computed in single precision.
    ///
    /// - Parameters:
    ///   - curvatures: rows x 16, from `singleNumbers`, as is `image`, which is overwritten.
    ///   - vectors: features x 16, and so is `product`.
    func multiplyByCurvature(_ curvatures: [Float], _ vectors: LaneMatrix, image: inout [Float], into product: inout LaneMatrix) {
        product.withMutableNumbers { product in
            vectors.withNumbers { bk_curvature_products(words, rowCount, columns, blockCount, curvatures, $0, &image, product) }
        }
    }

    /// The diagonal of X^T diag(curvatures) X, computed in single precision.
    func curvatureDiagonal(_ curvatures: [Float]) -> LaneMatrix {
        var diagonal = LaneMatrix(rowCount: BitMatrix.featureCount)
        diagonal.withMutableNumbers { bk_curvature_diagonal(columns, blockCount, curvatures, $0) }
        return diagonal
    }
}
