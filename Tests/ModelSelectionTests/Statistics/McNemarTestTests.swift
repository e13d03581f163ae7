import ModelSelection
import Testing

struct McNemarTestTests {
    @Test("small counts by hand: sums of binomial coefficients over powers of two")
    func byHand() {
        #expect(McNemarTest(onlyFirstCount: 0, onlySecondCount: 0).twoSidedP == 1)
        #expect(McNemarTest(onlyFirstCount: 1, onlySecondCount: 0).twoSidedP == 1)
        #expect(McNemarTest(onlyFirstCount: 1, onlySecondCount: 0).oneSidedP == 0.5)
        // (1 + 4) / 2^4, twice.
        #expect(McNemarTest(onlyFirstCount: 3, onlySecondCount: 1).twoSidedP == 0.625)
        #expect(McNemarTest(onlyFirstCount: 3, onlySecondCount: 1).oneSidedP == 0.3125)
        // The other way round the first wins at least one of four: 1 - 1 / 2^4.
        #expect(McNemarTest(onlyFirstCount: 1, onlySecondCount: 3).twoSidedP == 0.625)
        #expect(McNemarTest(onlyFirstCount: 1, onlySecondCount: 3).oneSidedP == 0.9375)
    }

    @Test(
        "the p values are those of scipy's binomtest(b, b + c) and binom.sf(b - 1, b + c, 0.5)",
        arguments: [
            (5, 5, 1.0, 0.623046875), (10, 3, 0.09228515625, 0.046142578125), (3, 10, 0.09228515625, 0.98876953125),
            (48, 27, 0.02029840699010744, 0.01014920349505372), (60, 12, 8.055498526741105e-09, 4.0277492633705524e-09),
            (0, 40, 1.8189894035458565e-12, 1.0), (700, 600, 0.0060157938610449395, 0.0030078969305224698),
            (1200, 1000, 2.1817026407914194e-05, 1.0908513203957097e-05),
            (52_000, 50_000, 3.8669187458074967e-10, 1.9334593729037484e-10),
        ])
    func againstScipy(onlyFirst: Int, onlySecond: Int, twoSided: Double, oneSided: Double) {
        let test = McNemarTest(onlyFirstCount: onlyFirst, onlySecondCount: onlySecond)
        #expect(abs(test.twoSidedP / twoSided - 1) < 1e-10)
        #expect(abs(test.oneSidedP / oneSided - 1) < 1e-10)
    }

    @Test("of the answers only those count where exactly one is right")
    func discordantRows() {
        let test = McNemarTest(
            truth: [0, 1, 2, 3, 4, 5, 6], first: [0, 1, 2, 9, 4, 9, 9], second: [0, 9, 9, 9, 4, 8, 6])
        #expect(test == McNemarTest(onlyFirstCount: 2, onlySecondCount: 1))
    }
}
