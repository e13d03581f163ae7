import CBitKernels
import Digits

/// One-versus-one machines laid out in blocks of eight support vectors, for processors whose vectors have population counts.
struct SupportVectorBlocks: Sendable {
    private let supportVectors: BitmapBlocks
    /// The block in which each class ends; a class starts a new block.
    private let classEnds: [UInt32]
    /// Blocks x (classes - 1) machines x 8 support vectors, 0 for the filling.
    private let coefficients: [Double]

    init(_ machines: OneVersusOneMachines) {
        let otherCount = machines.classes.count - 1
        let supportCount = machines.supportVectors.count
        var rows: [Bitmap] = []
        var classEnds: [UInt32] = []
        var coefficients: [Double] = []
        var start = 0
        for count in machines.supportCounts {
            let firstBlock = rows.count / BitmapBlocks.blockRows
            let blocks = firstBlock..<firstBlock + BitmapBlocks.blocks(rows: count)
            classEnds.append(UInt32(blocks.upperBound))
            rows += machines.supportVectors[start..<start + count]
            rows += [Bitmap](repeating: .blank, count: blocks.count * BitmapBlocks.blockRows - count)
            for first in stride(from: 0, to: blocks.count * BitmapBlocks.blockRows, by: BitmapBlocks.blockRows) {
                for other in 0..<otherCount {
                    for row in first..<first + BitmapBlocks.blockRows {
                        coefficients.append(row < count ? machines.dualCoefficients[other * supportCount + start + row] : 0)
                    }
                }
            }
            start += count
        }
        supportVectors = BitmapBlocks(rows)
        self.classEnds = classEnds
        self.coefficients = coefficients
    }

    /// - Parameter parts: receives classes x (classes - 1) values.
    @inline(__always)
    func decisionParts(
        of query: UnsafePointer<UInt64>, kernel: UnsafePointer<bk_kernel>, classCount: Int, into parts: UnsafeMutablePointer<Double>
    ) {
        bk_decision_parts(query, supportVectors.words, coefficients, kernel, classEnds, classCount, parts)
    }
}
