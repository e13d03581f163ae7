import Digits

/// A number for each of the 256 pixels and one for the constant: a point, a direction or a gradient of a linear machine.
struct LinearTerms {
    var weights: [Double]
    var intercept: Double

    static let zero = LinearTerms(weights: [Double](repeating: 0, count: Bitmap.pixelCount), intercept: 0)

    var norm: Double { dot(self).squareRoot() }

    func dot(_ other: LinearTerms) -> Double {
        var lanes = SIMD8<Double>.zero
        for start in stride(from: 0, to: Bitmap.pixelCount, by: 8) {
            for lane in 0..<8 { lanes[lane] += weights[start + lane] * other.weights[start + lane] }
        }
        return lanes.sum() + intercept * other.intercept
    }

    mutating func add(_ factor: Double, times other: LinearTerms) {
        for pixel in weights.indices { weights[pixel] += factor * other.weights[pixel] }
        intercept += factor * other.intercept
    }

    mutating func addToEach(_ term: Double) {
        for pixel in weights.indices { weights[pixel] += term }
        intercept += term
    }

    mutating func scale(by factor: Double) {
        for pixel in weights.indices { weights[pixel] *= factor }
        intercept *= factor
    }

    /// Element by element.
    func divided(by other: LinearTerms) -> LinearTerms {
        LinearTerms(weights: zip(weights, other.weights).map { $0 / $1 }, intercept: intercept / other.intercept)
    }
}
