import CBitKernels
import Digits
import Foundation
import Testing

@testable import Classifiers

struct BitMatrixTests {
    /// Small whole numbers, whose sums are exact in every precision and order.
    private func lanes(_ rowCount: Int, seed: UInt64) -> [[Double]] {
        var stream = RandomStream(seed: seed, purpose: .test)
        return (0..<rowCount).map { _ in (0..<16).map { _ in Double(stream.integer(below: 200)) - 100 } }
    }

    private func matrix(_ rows: [[Double]]) -> LaneMatrix {
        var matrix = LaneMatrix(rowCount: rows.count)
        matrix.withMutableNumbers { numbers in
            for (index, value) in rows.joined().enumerated() { numbers?[index] = value }
        }
        return matrix
    }

    private func bits(_ bitmaps: [Bitmap]) -> [[Double]] {
        bitmaps.map { bitmap in (0..<256).map { bitmap[$0] ? 1 : 0 } + [1] }
    }

    @Test("products with the bits and with their transposed are those of numbers", arguments: [1, 5, 63, 64, 65, 200])
    func products(rowCount: Int) {
        let bitmaps = SyntheticDigits.dataset(rowCount: rowCount, seed: 71).bitmaps
        let bits = bits(bitmaps)
        let bitMatrix = BitMatrix(bitmaps)
        let vectors = lanes(257, seed: 1)
        var values = bitMatrix.rowMatrix()
        bitMatrix.multiply(matrix(vectors), into: &values)
        let factors = lanes(values.rows.count, seed: 2)
        let start = lanes(257, seed: 3)
        var sums = matrix(start)
        bitMatrix.addTransposedProduct(matrix(factors), to: &sums)
        // Past the last row there may be anything.
        let curvatures = lanes(values.rows.count, seed: 4).map { $0.map { Float($0 / 128) } }
        var image = bitMatrix.singleNumbers()
        var product = LaneMatrix(rowCount: 257)
        bitMatrix.multiplyByCurvature(curvatures.flatMap { $0 }, matrix(vectors), image: &image, into: &product)
        let diagonal = bitMatrix.curvatureDiagonal(curvatures.flatMap { $0 })
        for lane in 0..<16 {
            let expected = bits.map { row in zip(row, vectors).reduce(0) { $0 + $1.0 * $1.1[lane] } }
            for row in 0..<rowCount { #expect(values[row][lane] == expected[row]) }
            for feature in 0..<257 {
                #expect(sums[feature][lane] == (0..<rowCount).reduce(start[feature][lane]) { $0 + bits[$1][feature] * factors[$1][lane] })
                let curved = (0..<rowCount).map { bits[$0][feature] * Double(curvatures[$0][lane]) }
                #expect(diagonal[feature][lane] == curved.reduce(0, +))
                let whole = zip(curved, expected).reduce(0) { $0 + $1.0 * $1.1 }
                let size = zip(curved, expected).reduce(0) { $0 + abs($1.0 * $1.1) }
                #expect(abs(product[feature][lane] - whole) <= 1e-6 * size)
            }
        }
    }

    @Test("losses and their derivatives are the formula's, also far from zero")
    func losses() {
        let values = [0, 1e-9, -1e-9, 0.3, -0.3, 1, -1, 5, -5, 30, -30, 600, -600, 1e5, -1e5]
        let rowCount = values.count
        let machines = (0..<rowCount).map { UInt8($0 % 3) }
        let lengths = (0..<16).map { Double($0) / 4 }
        let slopes = [Double](repeating: 0.5, count: rowCount * 16)
        var moved = [Double](repeating: 0, count: rowCount * 16)
        var residuals = moved
        var curvatures = moved.map(Float.init)
        var losses = [Double](repeating: 0, count: 16)
        bk_logistic_step(
            values.flatMap { [Double](repeating: $0, count: 16) }, slopes, lengths, machines, rowCount, 2.5, &moved, &residuals,
            &curvatures,
            &losses)
        for lane in 0..<16 {
            var sum = 0.0
            for row in 0..<rowCount {
                let value = values[row] + lengths[lane] / 2
                let target = machines[row] == lane ? 1.0 : -1
                let margin = target * value
                let miss = margin > 0 ? exp(-margin) / (1 + exp(-margin)) : 1 / (1 + exp(margin))
                sum += log1p(exp(-abs(margin))) + max(-margin, 0)
                #expect(moved[row * 16 + lane] == value)
                #expect(abs(residuals[row * 16 + lane] + 2.5 * target * miss) <= 1e-15 * 2.5)
                #expect(abs(Double(curvatures[row * 16 + lane]) - miss * (1 - miss)) <= 1e-7)
            }
            #expect(abs(losses[lane] - 2.5 * sum) <= 4e-15 * 2.5 * sum)
        }
    }
}
