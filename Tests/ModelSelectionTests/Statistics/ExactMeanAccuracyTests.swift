import Testing

@testable import ModelSelection

struct ExactMeanAccuracyTests {
    private func mean(_ rightCounts: [Int], of rowCounts: [Int]) -> ExactMeanAccuracy {
        ExactMeanAccuracy(rightCounts: rightCounts, rowCounts: rowCounts)
    }

    @Test("means are equal where their fractions are, and not where doubles happen to be")
    func equalFractions() {
        // 1/2 + 1/3 + 1/6 = 1/2 + 0/3 + 3/6
        #expect(mean([1, 1, 1], of: [2, 3, 6]) == mean([1, 0, 3], of: [2, 3, 6]))
        #expect(mean([1, 1, 1], of: [2, 3, 6]) < mean([1, 1, 2], of: [2, 3, 6]))
        #expect(mean([1, 0, 4], of: [2, 3, 6]) > mean([1, 1, 1], of: [2, 3, 6]))
    }

    @Test("folds of equal size are interchangeable, and folds without rows do not count")
    func interchangeable() {
        #expect(mean([1, 6, 7, 0], of: [10, 10, 10, 0]) == mean([7, 6, 1, 0], of: [10, 10, 10, 0]))
    }

    @Test("a difference too small for doubles decides, past 64 bits of the common denominator")
    func largeDenominators() {
        // Primes; their product has some 130 bits. 1/p - 1/q is about 5e-12, and so is the last term's.
        let rowCounts = [1_000_003, 1_000_033, 1_000_037, 1_000_039, 1_000_081, 1_000_099, 1_000_117]
        let first = mean([1, 0, 1, 0, 0, 0, 5], of: rowCounts)
        let second = mean([0, 1, 0, 1, 0, 0, 5], of: rowCounts)
        #expect(first > second)
        #expect(second < first)
        #expect(first != second)
        #expect(first == mean([1, 0, 1, 0, 0, 0, 5], of: rowCounts))
    }
}
