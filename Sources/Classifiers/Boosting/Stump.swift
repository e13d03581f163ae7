import Digits

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A tree of one split: a digit for bitmaps in which its pixel is not set, and one for those in which it is.
struct Stump: Hashable, Sendable {
    /// 0...255
    let pixel: Int
    let unsetDigit: UInt8
    let setDigit: UInt8
    /// What its answer counts, a multiple of 2^-40 above 0 and up to `largestWeight`.
    let weight: Double

    /// A stump's error is never taken to be less than 2^-53, which gives log(2^53) + log(9), 38.9.
    static let largestWeight = 64.0

    /// The weight in units of 2^-40: whole numbers, whose sums are the same in any order. A hundred thousand of the largest fit an `Int64`.
    var votes: Int64 { Int64((weight * 0x1p40).rounded()) }

    /// The nearest weight that is a whole number of votes, one or more.
    static func roundedWeight(_ weight: Double) -> Double {
        max((weight * 0x1p40).rounded(), 1) * 0x1p-40
    }
}

/// The votes of stumps on one bitmap, counted by digit: whole numbers, the same in whatever order they are added.
struct StumpVotes: Hashable, Sendable {
    /// Lanes past the tenth stay zero.
    private var lanes: SIMD16<Int64> = .zero

    mutating func add(_ votes: Int64, to digit: UInt8) {
        lanes[Int(digit)] &+= votes
    }

    static func += (left: inout StumpVotes, right: StumpVotes) {
        left.lanes &+= right.lanes
    }

    /// The digit of most votes among `classes`, the lowest of several.
    func digitOfMost(classes: [UInt8]) -> UInt8 {
        lanes.digitOfLargest(among: classes)
    }

    /// Probabilities of the digits in `classes`, 0 for the others: the softmax of f/(K-1), where f is the additive model divided by the sum
    /// of its weights, -1/(K-1) for a digit without a vote and 1 for one that has all (Zhu, Zou, Rosset, Hastie 2009, section 2; the
    /// division is scikit-learn's). Without any vote f is 0, and all digits are equally probable.
    func probabilities(classes: [UInt8]) -> DigitScores {
        let others = Double(classes.count - 1)
        let total = Double(lanes.wrappedSum())
        var scores = DigitScores()
        for digit in classes {
            let share = total > 0 ? Double(lanes[Int(digit)]) / total : 1 / Double(classes.count)
            let f = (share * Double(classes.count) - 1) / others
            scores[Int(digit)] = exp(f / others)
        }
        scores /= scores.sum
        return scores
    }
}
