import Digits

/// The logarithm of the joint probability, or density, of a bitmap and each digit, as a sum over the pixels that are set.
///
/// A pixel may be impossible, or next to it: a value that no training row of the class shows. Its term is then minus infinity, or so large
/// that a sum of doubles would forget the others. Such pixels are therefore counted, and not added: the logarithm is
///
///     sum of the terms - penalty x impossible pixels,
///
/// and of the classes only differences matter, so that the count of the class with fewest impossible pixels is taken from all counts before
/// they are multiplied. What decides between classes with equal counts is then as exact as if there had been none.
public struct JointLogarithms: Sendable {
    /// What a pixel, or the blank bitmap, adds for each digit, a lane a digit.
    private struct Terms {
        var logarithms: SIMD16<Double> = .zero
        var impossibleCounts: SIMD16<Int16> = .zero
    }

    private let blank: Terms
    /// Of each of the 256 pixels, what setting it adds.
    private let terms: [Terms]
    private let penalty: Double

    /// The terms of one class.
    struct ClassTerms {
        /// The logarithm for the blank bitmap, finite.
        var blank: Double
        /// How many pixels of the blank bitmap are impossible.
        var impossibleInBlank = 0
        /// Of each of the 256 pixels, what setting it adds, finite.
        var pixels: [Double]
        /// Of each of the 256 pixels, what setting it adds to the count of impossible ones: 0, 1, or -1 where it is impossible not to set it.
        var impossibleCounts: [Int]
    }

    /// - Parameter penalty: what an impossible pixel costs, 0 or more; infinity where its probability is 0.
    init(classes: [UInt8], terms classTerms: [ClassTerms], penalty: Double) {
        // Digits that are no class are less likely than any that is, whatever the bitmap.
        var blank = Terms(
            logarithms: SIMD16(repeating: -.infinity), impossibleCounts: SIMD16(repeating: Int16(2 * Bitmap.pixelCount)))
        var terms = [Terms](repeating: Terms(), count: Bitmap.pixelCount)
        for (digit, ofClass) in zip(classes, classTerms) {
            let lane = Int(digit)
            blank.logarithms[lane] = ofClass.blank
            blank.impossibleCounts[lane] = Int16(ofClass.impossibleInBlank)
            for pixel in terms.indices {
                terms[pixel].logarithms[lane] = ofClass.pixels[pixel]
                terms[pixel].impossibleCounts[lane] = Int16(ofClass.impossibleCounts[pixel])
            }
        }
        self.blank = blank
        self.terms = terms
        // No pixel more of them than others have costs nothing, where infinity times none would not be a number.
        self.penalty = min(penalty, .greatestFiniteMagnitude)
    }

    /// The logarithms, up to a number that all digits have in common; minus infinity for digits that are no class.
    func logarithms(for bitmap: Bitmap) -> SIMD16<Double> {
        var sums = blank
        for word in 0..<4 {
            var rest = bitmap.words[word]
            while rest != 0 {
                let bit = rest.leadingZeroBitCount
                let added = terms[word &* 64 &+ bit]
                sums.logarithms += added.logarithms
                sums.impossibleCounts &+= added.impossibleCounts
                rest &= ~(1 &<< UInt64(63 &- bit))
            }
        }
        let excess = sums.impossibleCounts &- SIMD16(repeating: sums.impossibleCounts.min())
        return sums.logarithms - SIMD16<Double>(excess) * penalty
    }

    /// Bayes' rule: each joint probability over the sum of all.
    func probabilities(for bitmap: Bitmap) -> DigitScores {
        DigitScores(logarithms: logarithms(for: bitmap))
    }

    /// The digit of the largest logarithm, the lowest of equal ones.
    func digit(for bitmap: Bitmap) -> UInt8 {
        logarithms(for: bitmap).digitOfLargest()
    }
}
