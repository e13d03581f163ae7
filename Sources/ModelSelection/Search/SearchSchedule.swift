import Classifiers

/// The units of a search in the order in which jobs take them: the longest first.
///
/// A job that is free takes the longest unit left. That ends at most a third later than the best order there is (Graham, "Bounds on
/// Multiprocessing Timing Anomalies", SIAM J. Appl. Math. 17 (1969), theorem 2), and the short units at the end fill what the long
/// ones leave idle. Where a unit is longer than a fair share of the whole work (few folds, many jobs), order alone cannot help: such
/// groups are halved, and share their work less, as long as the estimates say that the search ends earlier for it.
struct SearchSchedule {
    /// Longest first; of equally long ones, those of earlier candidates and folds.
    let units: [SearchUnit]

    /// Halving has to save this share of the estimated time. As measured on SVMs, half of four candidates takes 0.6 of the time of all
    /// four: worth it where jobs would stand idle, not to even out the end of a search that has work for all.
    private static let worthwhileSaving = 0.2

    /// - Parameters:
    ///   - groups: candidates that can share work, each in one group.
    ///   - pending: the candidates of each fold that are still to be evaluated.
    ///   - cost: the estimated cost of evaluating these candidates, of one group, on a fold.
    init(groups: [[Int]], pending: [Set<Int>], jobCount: Int, cost: (_ candidates: [Int], _ fold: Int) -> Double) {
        func units(of parts: [[Int]]) -> [SearchUnit] {
            parts.flatMap { part in
                pending.indices.compactMap { fold in
                    let candidates = part.filter(pending[fold].contains)
                    return candidates.isEmpty ? nil : SearchUnit(candidates: candidates, fold: fold, cost: cost(candidates, fold))
                }
            }
            .sorted { ($1.cost, $0.candidates[0], $0.fold) < ($0.cost, $1.candidates[0], $1.fold) }
        }

        func longestCost(of part: [Int]) -> Double {
            pending.indices.map { fold in cost(part.filter(pending[fold].contains), fold) }.max() ?? 0
        }

        var parts = groups
        var best = units(of: parts)
        while true {
            let fairShare = best.reduce(0) { $0 + $1.cost } / Double(jobCount)
            let finerParts = parts.flatMap { part in
                let whole = longestCost(of: part)
                guard part.count > 1, whole > fairShare else { return [part] }
                let halves = SearchSchedule.halves(of: part) { cost([$0], 0) }
                return halves.allSatisfy { longestCost(of: $0) < whole * (1 - SearchSchedule.worthwhileSaving) } ? halves : [part]
            }
            let finer = units(of: finerParts)
            let limit = SearchSchedule.span(of: best, jobCount: jobCount) * (1 - SearchSchedule.worthwhileSaving)
            guard finerParts.count > parts.count, SearchSchedule.span(of: finer, jobCount: jobCount) < limit else { break }
            parts = finerParts
            best = finer
        }
        self.units = best
    }

    /// When the last job ends, in units of cost, if each takes the next unit as soon as it is free.
    static func span(of units: [SearchUnit], jobCount: Int) -> Double {
        var ends = [Double](repeating: 0, count: min(jobCount, max(units.count, 1)))
        for unit in units {
            let free = ends.indices.min { ends[$0] < ends[$1] } ?? 0
            ends[free] += unit.cost
        }
        return ends.max() ?? 0
    }

    /// Two halves that cost about the same if nothing is shared, each in the order of candidates.
    private static func halves(of part: [Int], cost: (Int) -> Double) -> [[Int]] {
        var halves: [(candidates: [Int], cost: Double)] = [([], 0), ([], 0)]
        for (candidate, cost) in part.map({ ($0, cost($0)) }).sorted(by: { ($1.1, $0.0) < ($0.1, $1.0) }) {
            let lighter = halves[0].cost <= halves[1].cost ? 0 : 1
            halves[lighter].candidates.append(candidate)
            halves[lighter].cost += cost
        }
        return halves.map { $0.candidates.sorted() }
    }
}
