import CBitKernels
import Digits

/// Linear machines, one a class, laid out for prediction: each pixel has a lane a digit, and lanes are added where the pixel is set.
struct LinearPredictor: Sendable {
    private let intercepts: SIMD16<Double>
    /// Of each of the 256 pixels.
    private let weights: [SIMD16<Double>]

    /// - Parameters:
    ///   - classes: digits.
    ///   - weights: classes x 256.
    ///   - intercepts: one a class.
    init(classes: [UInt8], weights: [Double], intercepts: [Double]) {
        precondition(weights.count == classes.count * Bitmap.pixelCount && intercepts.count == classes.count)
        var laneIntercepts = SIMD16(repeating: -Double.infinity)
        var laneWeights = [SIMD16<Double>](repeating: .zero, count: Bitmap.pixelCount)
        for (position, digit) in classes.enumerated() {
            laneIntercepts[Int(digit)] = intercepts[position]
            for pixel in 0..<Bitmap.pixelCount { laneWeights[pixel][Int(digit)] = weights[position * Bitmap.pixelCount + pixel] }
        }
        self.intercepts = laneIntercepts
        self.weights = laneWeights
    }

    /// w.x + b of every class in the lane of its digit, minus infinity in all other lanes.
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
}

/// The numbers of linear machines, one a class, as they stand in a model document.
public struct LinearPayload: Codable, Hashable, Sendable {
    /// Classes x 256 pixels.
    let weights: [Double]
    /// One a class.
    let intercepts: [Double]

    /// - Throws: `TrainingError.invalidModel` naming the field that does not fit: not digits in ascending order, lists of another length, a
    ///   number that is not finite, or numbers of a class that are not finite in sum.
    func validate(classes: [UInt8]) throws(TrainingError) {
        try PayloadCheck.classes(classes)
        try PayloadCheck.count(weights, of: "weights", is: classes.count * Bitmap.pixelCount)
        try PayloadCheck.count(intercepts, of: "intercepts", is: classes.count)
        try PayloadCheck.finite(weights, of: "weights")
        try PayloadCheck.finite(intercepts, of: "intercepts")
        for (position, intercept) in intercepts.enumerated() {
            let ofClass = weights[(position * Bitmap.pixelCount)..<((position + 1) * Bitmap.pixelCount)]
            let sum = ofClass.reduce(intercept.magnitude) { $0 + $1.magnitude }
            guard sum.isFinite else {
                throw .invalidModel(field: "weights", found: "numbers of class \(position) that add up to \(sum)", expected: "a finite sum")
            }
        }
    }
    /// - Precondition: valid for these classes.
    func predictor(classes: [UInt8]) -> LinearPredictor {
        LinearPredictor(classes: classes, weights: weights, intercepts: intercepts)
    }
}
