/// McNemar's exact test: whether two classifiers that answered the same digits differ by more than chance.
///
/// McNemar, "Note on the Sampling Error of the Difference between Correlated Proportions or Percentages", Psychometrika 12 (1947).
/// Only the rows that exactly one of the two answered correctly count. If neither is better, each of those is as likely to be
/// the one's as the other's: their counts are binomial with p = 1/2, and the p value is the probability of counts at least as unequal.
public struct McNemarTest: Hashable, Sendable {
    /// Rows that only the first answered correctly.
    public let onlyFirstCount: Int
    /// Rows that only the second answered correctly.
    public let onlySecondCount: Int

    /// - Precondition: no count is negative.
    public init(onlyFirstCount: Int, onlySecondCount: Int) {
        precondition(onlyFirstCount >= 0 && onlySecondCount >= 0, "counts of rows")
        self.onlyFirstCount = onlyFirstCount
        self.onlySecondCount = onlySecondCount
    }

    /// - Precondition: three lists of the same length.
    public init(truth: [UInt8], first: [UInt8], second: [UInt8]) {
        precondition(truth.count == first.count && truth.count == second.count, "an answer of each a row")
        self.init(
            onlyFirstCount: truth.indices.count { first[$0] == truth[$0] && second[$0] != truth[$0] },
            onlySecondCount: truth.indices.count { first[$0] != truth[$0] && second[$0] == truth[$0] })
    }

    /// The probability of counts at least as unequal, in either direction, if neither is better. 1 where the counts are equal.
    public var twoSidedP: Double {
        if onlyFirstCount == onlySecondCount { return 1 }
        return min(1, 2 * McNemarTest.lowerTail(min(onlyFirstCount, onlySecondCount), of: onlyFirstCount + onlySecondCount))
    }

    /// The probability that the first wins at least this many of the discordant rows, if neither is better: small where the first is better.
    public var oneSidedP: Double {
        McNemarTest.lowerTail(onlySecondCount, of: onlyFirstCount + onlySecondCount)
    }

    /// P(X <= k) of a binomial X with n trials and p = 1/2: sum over i <= k of (n choose i) / 2^n.
    ///
    /// Summed over the shorter tail, from its largest term down. The largest term is built up with its halvings interleaved, so
    /// that neither (n choose k) overflows nor 2^-n vanishes.
    private static func lowerTail(_ k: Int, of n: Int) -> Double {
        if k >= n { return 1 }
        if 2 * k >= n { return 1 - lowerTail(n - k - 1, of: n) }
        var term = 1.0
        var halvingCount = n
        for i in 0..<k {
            term *= Double(n - i) / Double(i + 1)
            while term > 1, halvingCount > 0 {
                term /= 2
                halvingCount -= 1
            }
        }
        term = Double(sign: .plus, exponent: -halvingCount, significand: term)
        var sum = 0.0
        for i in stride(from: k, through: 0, by: -1) where term > 0 {
            sum += term
            term *= Double(i) / Double(n - i + 1)
        }
        return sum
    }
}
