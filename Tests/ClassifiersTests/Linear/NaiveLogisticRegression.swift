import Digits
import Foundation

/// One machine of logistic regression as the textbook has it: numbers instead of bits, all of the Hessian, Gauss's elimination.
struct NaiveLogisticRegression {
    /// Rows x features of 0 and 1, the last one 1 always.
    let features: [[Double]]
    /// +1 or -1.
    let targets: [Double]
    let c: Double

    init(_ bitmaps: [Bitmap], targets: [Double], c: Double, pixels: [Int] = Array(0..<256)) {
        features = bitmaps.map { bitmap in pixels.map { bitmap[$0] ? 1 : 0 } + [1] }
        self.targets = targets
        self.c = c
    }

    var featureCount: Int { features[0].count }

    /// 1 / (1 + exp(y v.x)) of every row.
    private func misses(_ point: [Double]) -> [Double] {
        zip(features, targets).map { row, target in 1 / (1 + exp(target * zip(row, point).reduce(0) { $0 + $1.0 * $1.1 })) }
    }

    func objective(_ point: [Double]) -> Double {
        point.reduce(0) { $0 + $1 * $1 } / 2 - c * misses(point).reduce(0) { $0 + log(1 - $1) }
    }

    func gradient(_ point: [Double]) -> [Double] {
        var gradient = point
        for (row, (miss, target)) in zip(features, zip(misses(point), targets)) {
            for feature in row.indices { gradient[feature] -= c * miss * target * row[feature] }
        }
        return gradient
    }

    /// Whole steps of Newton's until nothing changes.
    func solution() -> [Double] {
        var point = [Double](repeating: 0, count: featureCount)
        for _ in 0..<50 {
            let gradient = gradient(point)
            if gradient.allSatisfy({ abs($0) < 1e-12 }) { break }
            var system = (0..<featureCount).map { i in (0..<featureCount).map { $0 == i ? 1.0 : 0 } + [gradient[i]] }
            for (row, miss) in zip(features, misses(point)) {
                for i in row.indices where row[i] != 0 {
                    for j in row.indices { system[i][j] += c * miss * (1 - miss) * row[j] }
                }
            }
            for pivot in system.indices {
                for i in system.indices where i != pivot {
                    let factor = system[i][pivot] / system[pivot][pivot]
                    if factor == 0 { continue }
                    for j in pivot...featureCount { system[i][j] -= factor * system[pivot][j] }
                }
            }
            for i in point.indices { point[i] -= system[i][featureCount] / system[i][i] }
        }
        return point
    }
}
