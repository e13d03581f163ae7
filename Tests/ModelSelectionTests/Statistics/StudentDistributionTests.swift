import Testing

@testable import ModelSelection

struct StudentDistributionTests {
    @Test(
        "the p values are those of scipy's 2 * t.sf(t, df)",
        arguments: [
            (1, 0.5, 0.7048327646991335), (1, 2.0, 0.2951672353008665), (1, 4.5, 0.1392089745461279),
            (2, 0.5, 0.6666666666666667), (2, 2.0, 0.18350341907227397), (2, 4.5, 0.04600190799427602),
            (3, 2.0, 0.13932596855884305), (3, 4.5, 0.0204904123444534), (4, 2.0, 0.11611652351681556),
            (9, 0.5, 0.6290712998260263), (9, 2.0, 0.07655282377070101), (9, 4.5, 0.0014889494154117324),
            (10, 2.0, 0.07338803477074037), (49, 2.0, 0.05105914825741809), (49, 4.5, 4.19256849651404e-05),
            (50, 0.5, 0.6192685675117714), (50, 4.5, 4.072031940482711e-05),
        ])
    func againstScipy(degreesOfFreedom: Int, t: Double, expected: Double) {
        let distribution = StudentDistribution(degreesOfFreedom: degreesOfFreedom)
        #expect(abs(distribution.twoSidedP(t) - expected) < 1e-14)
        #expect(distribution.twoSidedP(-t) == distribution.twoSidedP(t))
    }

    @Test("zero is certain to be reached, infinity never", arguments: [1, 2, 7, 200])
    func ends(degreesOfFreedom: Int) {
        let distribution = StudentDistribution(degreesOfFreedom: degreesOfFreedom)
        #expect(distribution.twoSidedP(0) == 1)
        #expect(distribution.twoSidedP(.infinity) == 0)
    }
}
