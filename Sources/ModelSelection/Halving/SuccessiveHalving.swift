import Classifiers
import Digits

/// Successive halving: all candidates on few rows, the better ones on more, the best few on all.
///
/// Jamieson, Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter Optimization", AISTATS 2016, figure 1, with the rate
/// of Li et al., "Hyperband", JMLR 18 (2018), section 3: each round keeps a third and has three times the rows. Two departures. A third
/// of each classifier's candidates is kept, so that every classifier gets to the end and has a best one to be refitted. And
/// the rows of a round hold those of the one before, each with the same share of every digit in every fold.
public struct SuccessiveHalving: Hashable, Sendable {
    /// A round keeps one in `rate` of a classifier's candidates, and the next round has `rate` times the rows.
    public static let rate = 3

    /// With fewer rows a fold and digit a candidate cannot be judged; scikit-learn's `min_resources='smallest'`.
    private static let smallestRowsPerFoldAndDigit = 2

    /// Rows of each round, ascending; the last has all of them.
    public let rowCounts: [Int]

    /// The rounds for a search: as many as it takes to get from the most candidates of a classifier to one, as far as there are rows.
    ///
    /// - Parameter candidateCounts: how many candidates each classifier has.
    public init(candidateCounts: [Int], rowCount: Int, foldCount: Int) {
        let smallest = SuccessiveHalving.smallestRowsPerFoldAndDigit * foldCount * DigitDataset.classCount
        var rowCounts = [rowCount]
        var remaining = candidateCounts.max() ?? 1
        while remaining > 1, rowCounts[0] / SuccessiveHalving.rate >= smallest {
            rowCounts.insert(rowCounts[0] / SuccessiveHalving.rate, at: 0)
            remaining = SuccessiveHalving.keptCount(of: remaining)
        }
        self.rowCounts = rowCounts
    }

    /// How many of a classifier's candidates go on to the next round.
    public static func keptCount(of candidateCount: Int) -> Int { (candidateCount + rate - 1) / rate }

    /// How many candidates a round and those behind it try, if none fails.
    ///
    /// - Parameters:
    ///   - classifierCounts: how many candidates each classifier has in the first of these rounds.
    ///   - first: the number of that round.
    public func candidateCounts(of classifierCounts: [Int], fromRound first: Int = 0) -> [Int] {
        var counts = classifierCounts
        return (first..<rowCounts.count).map { round in
            if round > first { counts = counts.map(SuccessiveHalving.keptCount) }
            return counts.reduce(0, +)
        }
    }

    /// The rows of a round, ascending.
    ///
    /// Rows are ranked at random within their fold and digit; a round takes those of the smallest rank as a share of their fold and digit.
    /// - Parameter seed: decides, with labels and folds and nothing else, which rows come first.
    public func rows(ofRound round: Int, labels: [UInt8], folds: FoldAssignment, seed: UInt64) -> [Int] {
        guard rowCounts[round] < labels.count else { return Array(labels.indices) }
        var strata: [Int: [Int]] = [:]
        for row in labels.indices { strata[folds.foldOfRow[row] * DigitDataset.classCount + Int(labels[row]), default: []].append(row) }
        var shareOfRow = [Double](repeating: 0, count: labels.count)
        for (stratum, rows) in strata {
            var shuffled = rows
            var stream = RandomStream(seed: seed, purpose: .rowSampling, index: stratum)
            stream.shuffle(&shuffled)
            for (rank, row) in shuffled.enumerated() { shareOfRow[row] = (Double(rank) + 0.5) / Double(shuffled.count) }
        }
        return labels.indices.sorted { (shareOfRow[$0], $0) < (shareOfRow[$1], $1) }.prefix(rowCounts[round]).sorted()
    }

    /// The candidates that go on: of each classifier the best third, rounded up; ascending. Those that failed do not.
    public static func kept(of result: SearchResult) -> [Int] {
        let ranked = result.candidates.filter { $0.meanAccuracy != nil }.sorted(by: result.isBetter)
        return result.classifiers.flatMap { classifier in
            let all = result.candidates.count { result.search.space.rows[$0.candidate].candidate.classifier == classifier }
            return ranked.filter { result.search.space.rows[$0.candidate].candidate.classifier == classifier }
                .prefix(keptCount(of: all)).map(\.candidate)
        }.sorted()
    }
}
