import ModelSelection
import Testing

struct WilsonIntervalTests {
    @Test(
        "the ends are those of scipy's binomtest(k, n).proportion_ci(method='wilson')",
        arguments: [
            (1531, 1593, 0.9504198552601169, 0.9695211895352083), (0, 10, 0, 0.27753279986288926), (10, 10, 0.7224672001371109, 1),
            (1, 2, 0.09453120573423074, 0.9054687942657693), (81, 263, 0.2552885198782742, 0.36620957698280004),
            (5, 7, 0.3589344518326193, 0.9177810759959432),
        ])
    func ends(correctCount: Int, total: Int, lower: Double, upper: Double) throws {
        let interval = try #require(WilsonInterval(correctCount: correctCount, total: total))
        #expect(abs(interval.lower - lower) < 1e-14)
        #expect(abs(interval.upper - upper) < 1e-14)
    }

    @Test("no answer, half a guess, all right: the ends stay within 0 and 1")
    func extremes() throws {
        #expect(WilsonInterval(correctCount: 0, total: 0) == nil)
        #expect(try #require(WilsonInterval(correctCount: 0, total: 3)).lower == 0)
        #expect(try #require(WilsonInterval(correctCount: 3, total: 3)).upper == 1)
    }
}
