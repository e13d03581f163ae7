import Digits

@testable import Classifiers

#if canImport(Glibc)
    import Glibc
#endif

/// Digits that need no file: each class is a random prototype, each row its prototype with some pixels turned over.
func scatteredDigits(classes: [UInt8], rowsPerClass: Int, flipProbability: Double, seed: UInt64) throws -> DigitDataset {
    var bitmaps: [Bitmap] = []
    var labels: [UInt8] = []
    var stream = RandomStream(seed: seed, purpose: .test)
    let shared = (0..<Bitmap.pixelCount).map { _ in stream.unitInterval() < 0.3 }
    for digit in classes {
        // Prototypes agree in nine pixels of ten, so that the classes overlap.
        let prototype = shared.map { pixel in stream.unitInterval() < 0.1 ? !pixel : pixel }
        for _ in 0..<rowsPerClass {
            var bitmap = Bitmap.blank
            for pixel in 0..<Bitmap.pixelCount { bitmap[pixel] = prototype[pixel] != (stream.unitInterval() < flipProbability) }
            bitmaps.append(bitmap)
            labels.append(digit)
        }
    }
    return try DigitDataset(name: "scattered", bitmaps: bitmaps, labels: labels)
}

/// A kernel as its definition says, on 256 floating-point numbers.
func naiveKernel(_ kernel: SVMKernel, gamma: Double, _ x: Bitmap, _ z: Bitmap) -> Double {
    var dot = 0.0
    var squaredDistance = 0.0
    for pixel in 0..<Bitmap.pixelCount {
        let a = x[pixel] ? 1.0 : 0.0
        let b = z[pixel] ? 1.0 : 0.0
        dot += a * b
        squaredDistance += (a - b) * (a - b)
    }
    return switch kernel {
    case .rbf: exp(-gamma * squaredDistance)
    case .linear: dot
    case .poly: pow(gamma * dot, 3)
    case .sigmoid: tanh(gamma * dot)
    }
}

/// How far a solution is from the optimum of its dual problem, recomputed from the kernel matrix alone.
struct OptimalityCheck {
    /// The largest amount by which a multiplier is outside [0, C] or has the wrong sign.
    var boxViolation = 0.0
    /// The magnitude of the sum of signed multipliers.
    var balance = 0.0
    /// max { F : may grow } - min { F : may shrink }.
    var gap = -Double.infinity

    /// - Parameter signedMultipliers: y_t alpha_t.
    init(kernelMatrix: [[Double]], labels: [Double], signedMultipliers: [Double], c: Double) {
        var mayGrow = -Double.infinity
        var mayShrink = Double.infinity
        for row in labels.indices {
            let alpha = labels[row] * signedMultipliers[row]
            boxViolation = max(boxViolation, -alpha, alpha - c)
            var violation = labels[row]
            for other in labels.indices { violation -= signedMultipliers[other] * kernelMatrix[row][other] }
            if labels[row] > 0 ? alpha < c : alpha > 0 { mayGrow = max(mayGrow, violation) }
            if labels[row] > 0 ? alpha > 0 : alpha < c { mayShrink = min(mayShrink, violation) }
        }
        balance = abs(signedMultipliers.reduce(0, +))
        gap = mayGrow - mayShrink
    }
}

/// The textbook solver: gradients of the unsigned multipliers, labels everywhere, a matrix of Q, one row after another.
struct TextbookSMO {
    var alphas: [Double]
    var rho = 0.0
    var iterationCount = 0

    /// - Parameter diagonal: the kernel of each row with itself, before it was rounded for the matrix.
    init(kernelMatrix: [[Double]], diagonal: [Double], labels y: [Double], c: Double, tolerance: Double = 1e-3) {
        let rows = y.indices
        alphas = [Double](repeating: 0, count: y.count)
        var gradient = [Double](repeating: -1, count: y.count)
        func isUp(_ t: Int) -> Bool { y[t] > 0 ? alphas[t] < c : alphas[t] > 0 }
        func isLow(_ t: Int) -> Bool { y[t] > 0 ? alphas[t] > 0 : alphas[t] < c }
        while true {
            var i = -1
            var largest = -Double.infinity
            for t in rows where isUp(t) && -y[t] * gradient[t] >= largest {
                largest = -y[t] * gradient[t]
                i = t
            }
            var j = -1
            var smallest = Double.infinity
            var bestGain = 0.0
            for t in rows where isLow(t) {
                let value = -y[t] * gradient[t]
                smallest = min(smallest, value)
                let b = largest - value
                guard b > 0 else { continue }
                let a = diagonal[i] + diagonal[t] - 2 * kernelMatrix[i][t]
                let gain = b * b / (a > 0 ? a : 1e-12)
                if gain >= bestGain {
                    bestGain = gain
                    j = t
                }
            }
            if largest - smallest < tolerance || j < 0 { break }
            iterationCount += 1
            let a = diagonal[i] + diagonal[j] - 2 * kernelMatrix[i][j]
            var step = (-y[i] * gradient[i] + y[j] * gradient[j]) / (a > 0 ? a : 1e-12)
            step = min(step, y[i] > 0 ? c - alphas[i] : alphas[i], y[j] > 0 ? alphas[j] : c - alphas[j])
            let hitI = step == (y[i] > 0 ? c - alphas[i] : alphas[i])
            let hitJ = step == (y[j] > 0 ? alphas[j] : c - alphas[j])
            alphas[i] = hitI ? (y[i] > 0 ? c : 0) : alphas[i] + y[i] * step
            alphas[j] = hitJ ? (y[j] > 0 ? 0 : c) : alphas[j] - y[j] * step
            for t in rows { gradient[t] += y[t] * step * (kernelMatrix[i][t] - kernelMatrix[j][t]) }
        }
        let free = rows.filter { isUp($0) && isLow($0) }
        if free.isEmpty {
            let upper = rows.filter { isUp($0) }.map { y[$0] * gradient[$0] }.min() ?? 0
            let lower = rows.filter { isLow($0) }.map { y[$0] * gradient[$0] }.max() ?? 0
            rho = (upper + lower) / 2
        } else {
            rho = free.reduce(0) { $0 + y[$1] * gradient[$1] } / Double(free.count)
        }
    }
}
