/// The mean of the folds' accuracies as counts: what candidates are ranked by.
///
/// A mean is a sum of quotients, right answers over rows of each fold. In doubles the order of the folds decides its last digit, so that
/// candidates with the same answers, differently spread over the folds, come out as 0.85 and 0.8499999999999999. Means are therefore compared
/// as fractions. That takes whole numbers only: with d(s) the difference of the right answers in all folds of s rows, the left mean is the
/// larger one where the sum over sizes of d(s) / s is positive.
struct ExactMeanAccuracy: Comparable, Sendable {
    /// Right answers in all folds of one size.
    private struct Share: Sendable {
        let rowCount: Int
        var rightCount: Int
    }

    /// By ascending size, none twice.
    private let shares: [Share]
    /// The mean, rounded: 0...1.
    private let rounded: Double

    /// Doubles that differ by more are of different means: each is a sum of at most a few million quotients, wrong by less.
    private static let roundingBound = 1e-9

    /// - Parameters:
    ///   - rightCounts: right answers of each fold.
    ///   - rowCounts: rows of each fold; folds of no rows do not count.
    /// - Precondition: as many of both.
    init(rightCounts: [Int], rowCounts: [Int]) {
        precondition(rightCounts.count == rowCounts.count, "a count of right answers a fold")
        var rightCountOfSize: [Int: Int] = [:]
        var sum = 0.0
        var foldCount = 0
        for (rightCount, rowCount) in zip(rightCounts, rowCounts) where rowCount > 0 {
            rightCountOfSize[rowCount, default: 0] += rightCount
            sum += Double(rightCount) / Double(rowCount)
            foldCount += 1
        }
        shares = rightCountOfSize.sorted { $0.key < $1.key }.map { Share(rowCount: $0.key, rightCount: $0.value) }
        rounded = foldCount == 0 ? 0 : sum / Double(foldCount)
    }

    static func < (left: ExactMeanAccuracy, right: ExactMeanAccuracy) -> Bool { left.sign(minus: right) < 0 }

    static func == (left: ExactMeanAccuracy, right: ExactMeanAccuracy) -> Bool { left.sign(minus: right) == 0 }

    /// The sign of the difference of two means of the same folds: -1, 0 or 1.
    private func sign(minus other: ExactMeanAccuracy) -> Int {
        let difference = rounded - other.rounded
        if abs(difference) > ExactMeanAccuracy.roundingBound { return difference > 0 ? 1 : -1 }
        precondition(shares.map(\.rowCount) == other.shares.map(\.rowCount), "means of the same folds")
        var gains = WholeFraction()
        var losses = WholeFraction()
        for (own, others) in zip(shares, other.shares) {
            let gain = own.rightCount - others.rightCount
            gains.add(UInt64(max(gain, 0)), over: UInt64(own.rowCount))
            losses.add(UInt64(max(-gain, 0)), over: UInt64(own.rowCount))
        }
        return gains.comparison(with: losses)
    }
}

/// A sum of fractions with nothing rounded: numerator and denominator of as many words as they need, the lowest word first.
private struct WholeFraction {
    private var numerator: [UInt64] = [0]
    private var denominator: [UInt64] = [1]

    mutating func add(_ count: UInt64, over size: UInt64) {
        let addend = WholeFraction.product(denominator, count)
        numerator = WholeFraction.sum(WholeFraction.product(numerator, size), addend)
        denominator = WholeFraction.product(denominator, size)
    }

    /// -1, 0 or 1.
    ///
    /// - Precondition: both were added up over the same sizes, so that their denominators are equal.
    func comparison(with other: WholeFraction) -> Int {
        for place in (0..<max(numerator.count, other.numerator.count)).reversed() {
            let own = place < numerator.count ? numerator[place] : 0
            let others = place < other.numerator.count ? other.numerator[place] : 0
            if own != others { return own < others ? -1 : 1 }
        }
        return 0
    }

    private static func product(_ words: [UInt64], _ factor: UInt64) -> [UInt64] {
        var result: [UInt64] = []
        result.reserveCapacity(words.count + 1)
        var carry: UInt64 = 0
        for word in words {
            let (high, low) = word.multipliedFullWidth(by: factor)
            let (sum, overflow) = low.addingReportingOverflow(carry)
            result.append(sum)
            carry = high + (overflow ? 1 : 0)
        }
        if carry > 0 { result.append(carry) }
        return result
    }

    private static func sum(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
        var result: [UInt64] = []
        var carry: UInt64 = 0
        for place in 0..<max(left.count, right.count) {
            let (first, firstOverflow) = (place < left.count ? left[place] : 0).addingReportingOverflow(
                place < right.count ? right[place] : 0)
            let (second, secondOverflow) = first.addingReportingOverflow(carry)
            result.append(second)
            carry = (firstOverflow ? 1 : 0) + (secondOverflow ? 1 : 0)
        }
        if carry > 0 { result.append(carry) }
        return result
    }
}
