import CBitKernels
import Digits

/// One-versus-one machines laid out by columns of bits, for processors whose vectors have no population counts: `bk_column_parts` says how.
struct SupportVectorColumns: Sendable {
    private let columns: CacheLineArray<UInt64>
    private let inks: [UInt16]
    private let coefficients: CacheLineArray<Double>
    private let runEnds: [UInt32]
    private let chunkCount: Int

    init(_ machines: OneVersusOneMachines) {
        let numbering = Numbering(supportCounts: machines.supportCounts)
        let supportCount = machines.supportVectors.count
        chunkCount = (numbering.rows.count + Chunk.rowCount - 1) / Chunk.rowCount
        var columns = [UInt64](repeating: 0, count: chunkCount * Chunk.columnCount * Chunk.columnWords)
        var inks = [UInt16](repeating: 0, count: chunkCount * Chunk.rowCount)
        var coefficients: [Double] = []
        coefficients.reserveCapacity(numbering.rows.count * (machines.classes.count - 1))
        for quad in stride(from: 0, to: numbering.rows.count, by: Chunk.quadRows) {
            let rows = numbering.rows[quad..<quad + Chunk.quadRows]
            for other in 0..<machines.classes.count - 1 {
                for row in rows { coefficients.append(row.map { machines.dualCoefficients[other * supportCount + $0] } ?? 0) }
            }
            for (place, row) in zip(rows.indices, rows) {
                guard let row else { continue }
                let bitmap = machines.supportVectors[row]
                inks[place] = UInt16(bitmap.inkCount)
                Chunk.set(bitmap, at: place, in: &columns)
            }
        }
        self.columns = CacheLineArray(columns)
        self.inks = inks
        self.coefficients = CacheLineArray(coefficients)
        runEnds = numbering.runEnds
    }

    /// - Parameter parts: receives classes x (classes - 1) values.
    @inline(__always)
    func decisionParts(
        of query: UnsafePointer<UInt64>, kernel: UnsafePointer<bk_kernel>, classCount: Int, into parts: UnsafeMutablePointer<Double>
    ) {
        columns.withUnsafeStart { columns in
            coefficients.withUnsafeStart { coefficients in
                inks.withUnsafeBufferPointer { inks in
                    runEnds.withUnsafeBufferPointer { runEnds in
                        var machines = bk_machine_columns(
                            columns: columns, inks: inks.baseAddress, coefficients: coefficients, run_ends: runEnds.baseAddress,
                            chunk_count: chunkCount)
                        bk_column_parts(query, &machines, kernel, classCount, parts)
                    }
                }
            }
        }
    }

    /// The order of support vectors: of each class the first halves of all blocks of eight, then the second ones.
    private struct Numbering {
        /// The support vector at each place, nil for the filling.
        var rows: [Int?] = []
        /// In quads.
        var runEnds: [UInt32] = []

        init(supportCounts: [Int]) {
            var start = 0
            for count in supportCounts {
                for half in [0, Chunk.quadRows] {
                    for block in 0..<BitmapBlocks.blocks(rows: count) {
                        let first = block * BitmapBlocks.blockRows + half
                        rows += (first..<first + Chunk.quadRows).map { $0 < count ? start + $0 : nil }
                    }
                    runEnds.append(UInt32(rows.count / Chunk.quadRows))
                }
                start += count
            }
        }
    }

    /// The shape of the columns.
    private enum Chunk {
        static let rowCount = Int(BK_CHUNK_ROWS)
        static let columnCount = Int(BK_COLUMNS)
        static let quadRows = Int(BK_QUAD_ROWS)
        static let columnWords = rowCount / UInt64.bitWidth

        /// Sets the bits of the bitmap at a place, where none is set yet.
        static func set(_ bitmap: Bitmap, at place: Int, in columns: inout [UInt64]) {
            let (chunk, row) = place.quotientAndRemainder(dividingBy: rowCount)
            // Bit row / 32 of byte row % 32, so that bytes of counts come out in the order of rows.
            let (bit, byte) = row.quotientAndRemainder(dividingBy: rowCount / 8)
            let mask = UInt64(1) &<< UInt64(byte % 8 * 8 + bit)
            for word in 0..<4 {
                for column in 0..<UInt64.bitWidth where bitmap.words[word] &>> UInt64(column) & 1 == 1 {
                    columns[(chunk * columnCount + word * UInt64.bitWidth + column) * columnWords + byte / 8] |= mask
                }
            }
        }
    }
}
