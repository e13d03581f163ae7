import Digits
import Foundation

@testable import Classifiers

/// Boosting written the plain way, to compare with.
enum NaiveBoosting {
    /// Rows and their classes, by position among `classes`.
    struct Rows {
        let bitmaps: [Bitmap]
        let positions: [Int]
        let classes: [UInt8]

        init(_ dataset: DigitDataset, rows: [Int]) {
            let classes = Set(rows.map { dataset.labels[$0] }).sorted()
            // Class after class, as sums are made.
            let sorted = classes.flatMap { digit in rows.filter { dataset.labels[$0] == digit } }
            self.classes = classes
            bitmaps = sorted.map { dataset.bitmaps[$0] }
            positions = sorted.map { classes.firstIndex(of: dataset.labels[$0]) ?? 0 }
        }

        func answers(_ stump: Stump, row: Int) -> UInt8 {
            bitmaps[row][stump.pixel] ? stump.setDigit : stump.unsetDigit
        }

        func isRight(_ stump: Stump, row: Int) -> Bool {
            answers(stump, row: row) == classes[positions[row]]
        }

        /// The weight of each class on one side of a split.
        func weights(_ weights: [Double], pixel: Int, isSet: Bool) -> [Double] {
            bitmaps.indices.reduce(into: [Double](repeating: 0, count: classes.count)) { sums, row in
                if bitmaps[row][pixel] == isSet { sums[positions[row]] += weights[row] }
            }
        }

        /// Weight times Gini impurity, both sides together, of a split; nil where a side is empty.
        func impurity(_ weights: [Double], pixel: Int) -> Double? {
            let sides = [true, false].map { self.weights(weights, pixel: pixel, isSet: $0) }
            guard sides.allSatisfy({ $0.contains { $0 > 0 } }) else { return nil }
            return sides.reduce(0) { sum, side in
                let total = side.reduce(0, +)
                return sum + total - side.reduce(0) { $0 + $1 * $1 } / total
            }
        }
    }

    /// One round as the paper has it: weights that sum to one, those of the rows misclassified multiplied.
    static func reweighted(_ weights: [Double], after stump: Stump, alpha: Double, learningRate: Double, _ rows: Rows) -> [Double] {
        let raised = weights.indices.map { weights[$0] * (rows.isRight(stump, row: $0) ? 1 : exp(learningRate * alpha)) }
        let total = raised.reduce(0, +)
        return raised.map { $0 / total }
    }

    /// The votes of stumps by digit.
    static func votes(_ stumps: some Sequence<Stump>, _ bitmap: Bitmap) -> [Double] {
        stumps.reduce(into: [Double](repeating: 0, count: 10)) { votes, stump in
            votes[Int(bitmap[stump.pixel] ? stump.setDigit : stump.unsetDigit)] += stump.weight
        }
    }

    /// The softmax of scikit-learn's decision function divided by K - 1.
    static func probabilities(_ stumps: [Stump], _ bitmap: Bitmap, classes: [UInt8]) -> [Double] {
        let others = Double(classes.count - 1)
        var decisions = [Double](repeating: 0, count: 10)
        for stump in stumps {
            let answer = bitmap[stump.pixel] ? stump.setDigit : stump.unsetDigit
            for digit in classes { decisions[Int(digit)] += digit == answer ? stump.weight : -stump.weight / others }
        }
        let total = stumps.reduce(0) { $0 + $1.weight }
        let powers = (0..<10).map { classes.contains(UInt8($0)) ? exp(decisions[$0] / total / others) : 0 }
        return powers.map { $0 / powers.reduce(0, +) }
    }

    /// What the booster computes, bit for bit, by a loop over all rows and pixels in every round.
    static func stumps(_ rows: Rows, count: Int, learningRate: Double) -> [Stump] {
        var weights = [Double](repeating: 1, count: rows.bitmaps.count)
        return (0..<count).map { _ in
            var totals = [Double](repeating: 0, count: rows.classes.count)
            for row in weights.indices { totals[rows.positions[row]] += weights[row] }
            var best: (pixel: Int, worth: Double, set: [Double], unset: [Double]) = (-1, -1, [], [])
            for pixel in 0..<Bitmap.pixelCount {
                let set = rows.weights(weights, pixel: pixel, isSet: true)
                let unset = zip(totals, set).map { $0 - $1 }
                let worths = [set, unset].map { $0.reduce(0) { $0 + $1 * $1 } / $0.reduce(0, +) }
                if worths[0] + worths[1] > best.worth { best = (pixel, worths[0] + worths[1], set, unset) }
            }
            let most = (set: best.set.max() ?? 0, unset: best.unset.max() ?? 0)
            let wrong = (best.set.reduce(0, +) - most.set) + (best.unset.reduce(0, +) - most.unset)
            let total = totals.reduce(0, +)
            let error = wrong / total
            let alpha = log((1 - error) / error) + log(Double(rows.classes.count - 1))
            let stump = Stump(
                pixel: best.pixel, unsetDigit: rows.classes[best.unset.firstIndex(of: most.unset) ?? 0],
                setDigit: rows.classes[best.set.firstIndex(of: most.set) ?? 0], weight: (alpha * 0x1p40).rounded() * 0x1p-40)
            for row in weights.indices where rows.isRight(stump, row: row) {
                weights[row] = max(weights[row] * exp(-learningRate * alpha), total * 0x1p-52)
            }
            return stump
        }
    }
}
