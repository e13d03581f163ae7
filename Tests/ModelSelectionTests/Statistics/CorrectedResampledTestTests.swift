import ModelSelection
import Testing

struct CorrectedResampledTestTests {
    @Test("by hand: one repeat of two folds has the variance (1/2 + 1) s^2 and one degree of freedom")
    func byHand() {
        // m = 0.02, s^2 = 2 * 0.01^2 = 0.0002, so that the error is sqrt(1.5 * 0.0002) = sqrt(0.0003); with one degree p = 1 - 2/pi arctan(t).
        let test = CorrectedResampledTest(differences: [0.01, 0.03], foldCount: 2)
        #expect(abs(test.meanDifference - 0.02) < 1e-15)
        #expect(abs(test.standardError - 0.017320508075688773) < 1e-15)
        #expect(abs(test.twoSidedP - 0.45437105165701014) < 1e-12)
    }

    @Test("two repeats of five folds, as in scipy: t = m / sqrt((1/10 + 1/4) s^2) with nine degrees of freedom")
    func repeated() {
        let differences = [0.02, 0.01, 0.03, 0, 0.02, 0.01, 0.02, 0.02, 0.01, 0.04]
        #expect(abs(CorrectedResampledTest(differences: differences, foldCount: 5).twoSidedP - 0.025207099550818606) < 1e-12)
        let opposite = CorrectedResampledTest(differences: differences.map { -$0 }, foldCount: 5)
        #expect(abs(opposite.meanDifference + 0.018) < 1e-15)
        #expect(abs(opposite.twoSidedP - 0.025207099550818606) < 1e-12)
    }

    @Test("no difference is none, and one that is the same in every fold is beyond chance")
    func constant() {
        #expect(CorrectedResampledTest(differences: [0, 0, 0], foldCount: 3).twoSidedP == 1)
        #expect(CorrectedResampledTest(differences: [0.5, 0.5], foldCount: 2).twoSidedP == 0)
    }
}
