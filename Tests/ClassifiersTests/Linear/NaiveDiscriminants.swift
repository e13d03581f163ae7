import Digits
import Foundation

/// Linear discriminant analysis as the textbook has it: S by sums over rows, S w = m by elimination, on the pixels that it is told to look at.
struct NaiveDiscriminants {
    private let pixels: [Int]
    private let labels: [UInt8]
    /// Of each class: w, and what is added to x . w.
    private let machines: [(weights: [Double], intercept: Double)]

    /// - Precondition: the covariance of the pixels within classes is regular.
    init(_ dataset: DigitDataset, pixels: [Int]) {
        let classes = dataset.classes
        let rows = dataset.bitmaps.map { bitmap in pixels.map { bitmap[$0] ? 1.0 : 0.0 } }
        let means = classes.map { digit -> [Double] in
            let own = rows.indices.filter { dataset.labels[$0] == digit }.map { rows[$0] }
            return pixels.indices.map { pixel in own.reduce(0) { $0 + $1[pixel] } / Double(own.count) }
        }
        var covariance = [[Double]](repeating: [Double](repeating: 0, count: pixels.count), count: pixels.count)
        for (row, digit) in zip(rows, dataset.labels) {
            let mean = means[classes.firstIndex(of: digit) ?? 0]
            let centered = zip(row, mean).map { $0 - $1 }
            for first in pixels.indices {
                for second in pixels.indices { covariance[first][second] += centered[first] * centered[second] / Double(rows.count) }
            }
        }
        self.pixels = pixels
        labels = classes
        machines = zip(classes, means).map { digit, mean in
            let weights = NaiveDiscriminants.solution(of: covariance, equal: mean)
            let prior = Double(dataset.labels.count { $0 == digit }) / Double(rows.count)
            return (weights, log(prior) - zip(weights, mean).reduce(0) { $0 + $1.0 * $1.1 } / 2)
        }
    }

    /// Of each class in ascending order.
    func probabilities(of bitmap: Bitmap) -> [Double] {
        let values = machines.map { machine in
            zip(pixels, machine.weights).reduce(machine.intercept) { bitmap[$1.0] ? $0 + $1.1 : $0 }
        }
        let largest = values.max() ?? 0
        let sum = values.reduce(0) { $0 + exp($1 - largest) }
        return values.map { exp($0 - largest) / sum }
    }

    /// Gauss's elimination, the largest pivot first.
    private static func solution(of matrix: [[Double]], equal right: [Double]) -> [Double] {
        var system = zip(matrix, right).map { $0 + [$1] }
        let count = right.count
        for column in 0..<count {
            let pivot = (column..<count).max { abs(system[$0][column]) < abs(system[$1][column]) } ?? column
            system.swapAt(column, pivot)
            for row in column + 1..<max(count, column + 1) {
                let factor = system[row][column] / system[column][column]
                if factor == 0 { continue }
                for place in column...count { system[row][place] -= factor * system[column][place] }
            }
        }
        var solution = [Double](repeating: 0, count: count)
        for row in (0..<count).reversed() {
            let known = (row + 1..<max(count, row + 1)).reduce(0) { $0 + system[row][$1] * solution[$1] }
            solution[row] = (system[row][count] - known) / system[row][row]
        }
        return solution
    }
}
