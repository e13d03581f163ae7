import Classifiers

/// The place of a candidate among those of its search; the smaller standing is the better one.
///
/// The higher mean accuracy wins, of equal ones the cheaper prediction, then the earlier candidate; candidates without a mean come last. Reports,
/// leaders of running searches and halving all rank by it, so that no two of them name different winners.
struct CandidateStanding: Comparable, Sendable {
    private let meanAccuracy: ExactMeanAccuracy?
    private let predictionCost: Double
    private let candidate: Int

    init(_ result: CandidateResult, predictionCost: Double) {
        meanAccuracy = result.exactMeanAccuracy
        self.predictionCost = predictionCost
        candidate = result.candidate
    }

    static func < (left: CandidateStanding, right: CandidateStanding) -> Bool {
        switch (left.meanAccuracy, right.meanAccuracy) {
        case (_?, nil): return true
        case (nil, _?): return false
        case (let leftMean?, let rightMean?) where leftMean != rightMean: return leftMean > rightMean
        default: return (left.predictionCost, left.candidate) < (right.predictionCost, right.candidate)
        }
    }
}

extension SearchSpace {
    /// - Parameter result: of one of this space's rows.
    func standing(of result: CandidateResult) -> CandidateStanding {
        CandidateStanding(result, predictionCost: rows[result.candidate].candidate.parameters.predictionCost)
    }
}
