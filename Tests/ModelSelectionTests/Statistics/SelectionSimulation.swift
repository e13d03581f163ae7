import Digits
import ModelSelection

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Searches over candidates of which it is known how good they are, and what several rules would have made of them.
///
/// A candidate answers a row rightly where a + h + u + e > 0. Normal, with variances that sum to 1: h is how easy the row is and the same for all
/// candidates; u is how the setting suits the row and stays, whatever the folds; e is drawn anew for every model. a is the quantile of the
/// candidate's accuracy, so that candidates of one accuracy are equally good in the population but not on the rows at hand. Without e
/// nothing but the rows decides, and what is lucky on them stays so on all folds. Measured on Semeion, u has 0.25 of the variance of a
/// difference between two smoothings of naive Bayes, 0.5 to 0.67 between neighbours of kNN, and 0.88 between kNN and naive Bayes, the
/// largest found; here it has all of it with variance 0 of e, and 0.88 with 0.005.
struct SelectionSimulation {
    static let easeVariance = 0.9

    let candidateCount = 20
    let foldCount = 10
    let repeatCount = 3
    let rowCount: Int
    /// Normal quantiles of the accuracies: of the candidates, and at the end of the setting in service.
    let quantiles: [Double]
    /// The variance of e, 0...0.1.
    let modelVariance: Double

    /// How many searches each rule ends in a promotion.
    struct Promotions {
        /// McNemar's one-sided test on the folds that chose the winner.
        var mcNemar = 0
        /// The corrected test on fresh folds, of the winner of all rows.
        var winnerOnFreshFolds = 0
        /// The corrected test on fresh folds, each with the candidate that the other rows choose.
        var chosenWithoutRows = 0
    }

    func promotions(searchCount: Int, seed: UInt64) throws -> Promotions {
        var promotions = Promotions()
        for search in 0..<searchCount { try add(search: search, seed: seed, to: &promotions) }
        return promotions
    }

    private func add(search: Int, seed: UInt64, to promotions: inout Promotions) throws {
        var normal = NormalStream(stream: RandomStream(seed: seed, purpose: .test, index: search))
        let incumbent = candidateCount
        let easeDeviation = SelectionSimulation.easeVariance.squareRoot()
        let settingDeviation = (1 - SelectionSimulation.easeVariance - modelVariance).squareRoot()
        let modelDeviation = modelVariance.squareRoot()
        var tendencies = quantiles.map { [Double](repeating: $0, count: rowCount) }
        for row in 0..<rowCount {
            let ease = normal.next() * easeDeviation
            for setting in tendencies.indices { tendencies[setting][row] += ease + normal.next() * settingDeviation }
        }
        func isRight(_ setting: Int, _ row: Int) -> Bool {
            modelDeviation == 0 ? tendencies[setting][row] > 0 : tendencies[setting][row] + normal.next() * modelDeviation > 0
        }
        let found = tendencies.indices.map { setting in (0..<rowCount).map { isRight(setting, $0) } }
        let selection = SelectionWithoutRows(isRight: Array(found[..<incumbent]), folds: try folds(search, 0, seed))
        let winner = selection.best(without: [])

        let mcNemar = McNemarTest(
            onlyFirstCount: (0..<rowCount).count { found[winner][$0] && !found[incumbent][$0] },
            onlySecondCount: (0..<rowCount).count { !found[winner][$0] && found[incumbent][$0] })
        if mcNemar.oneSidedP < 0.05 { promotions.mcNemar += 1 }

        var ofWinner: [Double] = []
        var ofChosen: [Double] = []
        for number in 1...repeatCount {
            let fresh = try folds(search, number, seed)
            for fold in 0..<foldCount {
                let rows = fresh.testRows(fold: fold)
                func rightCount(_ setting: Int) -> Int { rows.count { isRight(setting, $0) } }
                let chosen = selection.best(without: rows)
                let ofIncumbent = rightCount(incumbent)
                let winnerCount = rightCount(winner)
                let chosenCount = chosen == winner ? winnerCount : rightCount(chosen)
                ofWinner.append(Double(winnerCount - ofIncumbent) / Double(rows.count))
                ofChosen.append(Double(chosenCount - ofIncumbent) / Double(rows.count))
            }
        }
        if isPromoted(ofWinner) { promotions.winnerOnFreshFolds += 1 }
        if isPromoted(ofChosen) { promotions.chosenWithoutRows += 1 }
    }

    private func isPromoted(_ differences: [Double]) -> Bool {
        let test = CorrectedResampledTest(differences: differences, foldCount: foldCount)
        return test.meanDifference > 0 && test.twoSidedP < 0.05
    }

    private func folds(_ search: Int, _ number: Int, _ seed: UInt64) throws -> FoldAssignment {
        var foldOfRow = (0..<rowCount).map { $0 % foldCount }
        var stream = RandomStream(seed: seed, purpose: .test, index: search, subindex: number + 1)
        stream.shuffle(&foldOfRow)
        return try FoldAssignment(foldOfRow: foldOfRow)
    }
}

/// Normal numbers in pairs: Box, Muller, "A Note on the Generation of Random Normal Deviates", Annals of Mathematical Statistics 29 (1958).
private struct NormalStream {
    var stream: RandomStream
    private var spare: Double?

    init(stream: RandomStream) { self.stream = stream }

    mutating func next() -> Double {
        if let spare {
            self.spare = nil
            return spare
        }
        let radius = (-2 * log(1 - stream.unitInterval())).squareRoot()
        let angle = 2 * Double.pi * stream.unitInterval()
        spare = radius * sin(angle)
        return radius * cos(angle)
    }
}
