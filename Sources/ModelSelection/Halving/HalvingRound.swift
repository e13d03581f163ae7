/// What a round of successive halving tried, for the report.
public struct HalvingRound: Codable, Hashable, Sendable {
    /// Rows that the round had.
    public let rows: Int
    /// Rows of `cv_results`: the candidates that it tried, ascending.
    public let candidates: [Int]
    /// Their mean accuracies on these rows, in the same order; nil where one failed or has not run.
    public let meanTestScore: [Double?]

    enum CodingKeys: String, CodingKey {
        case rows, candidates
        case meanTestScore = "mean_test_score"
    }

    /// - Parameter candidates: the row of `cv_results` of each candidate of `result`.
    public init(_ result: SearchResult, candidates: [Int]) {
        rows = result.search.dataset.count
        self.candidates = candidates
        meanTestScore = result.candidates.map(\.meanAccuracy)
    }
}
