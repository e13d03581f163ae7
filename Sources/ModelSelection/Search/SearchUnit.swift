/// A piece of a search that one job does at a time: candidates that share work, on one fold.
public struct SearchUnit: Codable, Hashable, Sendable {
    /// Numbers of the candidates in their search, ascending; one or more.
    public let candidates: [Int]
    public let fold: Int
    /// What it is estimated to cost; `ClassifierParameters.evaluationCost`.
    public let cost: Double

    public init(candidates: [Int], fold: Int, cost: Double) {
        self.candidates = candidates
        self.fold = fold
        self.cost = cost
    }
}
