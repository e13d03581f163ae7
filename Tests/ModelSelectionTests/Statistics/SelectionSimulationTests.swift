import Testing

/// Seeds are fixed, so that each number below is always the same.
struct SelectionSimulationTests {
    /// 1,000 searches over 20 candidates, all exactly as good as the one in service: 90 % on 300 rows.
    private static func equallyGood(modelVariance: Double) throws -> SelectionSimulation.Promotions {
        let quantiles = [Double](repeating: 1.2815515655446004, count: 21)
        return try SelectionSimulation(rowCount: 300, quantiles: quantiles, modelVariance: modelVariance).promotions(
            searchCount: 1000, seed: 1)
    }

    @Test(
        "of 1,000 searches over candidates that are equally good, no more are promoted than 5 % allow", arguments: [(0, 65), (0.005, 50)])
    func equallyGood(modelVariance: Double, leastOfWinners: Int) throws {
        let promotions = try SelectionSimulationTests.equallyGood(modelVariance: modelVariance)
        // 64 or fewer of 1,000: 98 % of the time at a true rate of 5 %, 3 % of the time at one of 8 %.
        let most = 64
        #expect(promotions.chosenWithoutRows <= most)
        // That the simulation bites: on the folds that chose it, one winner in five would pass McNemar's test; and fresh folds of the same rows leave
        // the winner as much of its luck as comes from the rows.
        #expect(promotions.mcNemar >= 200)
        #expect(promotions.winnerOnFreshFolds >= leastOfWinners)
    }

    @Test(
        "one of 20 candidates that is better by two or three points on 1,593 rows is promoted, by one point often",
        // Normal quantiles of 0.95 + points / 100.
        arguments: [(1, 1.7506860712521692, 20...80), (2, 1.8807936081512509, 75...100), (3, 2.053748910631823, 97...100)])
    func power(points: Int, quantile: Double, expected: ClosedRange<Int>) throws {
        let simulation = SelectionSimulation(
            rowCount: 1593, quantiles: [quantile] + [Double](repeating: 1.6448536269514722, count: 20), modelVariance: 0.005)
        let promoted = try simulation.promotions(searchCount: 100, seed: 2).chosenWithoutRows
        #expect(expected.contains(promoted), "\(promoted) of 100")
    }
}
