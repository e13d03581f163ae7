import CBitKernels
import Digits

/// Linear machines, one a class, laid out for prediction: for each pixel a lane a digit, added where the pixel is set.
struct LinearPredictor: Sendable {
    private let intercepts: SIMD16<Double>
    /// Of each of the 256 pixels.
    private let weights: [SIMD16<Double>]

    /// - Parameters:
    ///   - classes: digits.
    ///   - weights: classes x 256.
    ///   - intercepts: one a class.
    ///   - others: what digits that are no class get.
    init(classes: [UInt8], weights: [Double], intercepts: [Double], others: Double) {
        precondition(weights.count == classes.count * Bitmap.pixelCount && intercepts.count == classes.count)
        var laneIntercepts = SIMD16(repeating: others)
        var laneWeights = [SIMD16<Double>](repeating: .zero, count: Bitmap.pixelCount)
        for (position, digit) in classes.enumerated() {
            laneIntercepts[Int(digit)] = intercepts[position]
            for pixel in 0..<Bitmap.pixelCount { laneWeights[pixel][Int(digit)] = weights[position * Bitmap.pixelCount + pixel] }
        }
        self.intercepts = laneIntercepts
        self.weights = laneWeights
    }

    /// w.x + b of every digit, in lanes 0 to 9.
    func values(for bitmap: Bitmap) -> SIMD16<Double> {
        var sums = intercepts
        withUnsafeBytes(of: bitmap.words) { words in
            weights.withUnsafeBytes { weights in
                withUnsafeMutableBytes(of: &sums) { sums in
                    // Vectors are their numbers and nothing else.
                    bk_sum_at_bits(
                        words.baseAddress?.assumingMemoryBound(to: UInt64.self), weights.baseAddress?.assumingMemoryBound(to: Double.self),
                        sums.baseAddress?.assumingMemoryBound(to: Double.self))
                }
            }
        }
        return sums
    }

    /// The digit of the largest value, the lowest of equal ones.
    func digitOfLargestValue(for bitmap: Bitmap) -> UInt8 {
        let values = values(for: bitmap)
        var best = 0
        for digit in 1..<DigitDataset.classCount where values[digit] > values[best] { best = digit }
        return UInt8(best)
    }
}
