import Classifiers

/// A piece of a search that one job does at a time: candidates that share work, on one fold.
public struct SearchUnit: Codable, Hashable, Sendable {
    /// Numbers of the candidates in their search, ascending; one or more.
    public let candidates: [Int]
    public let fold: Int
    /// Its estimated cost: `ClassifierParameters.evaluationCost`.
    public let cost: Double

    public init(candidates: [Int], fold: Int, cost: Double) {
        self.candidates = candidates
        self.fold = fold
        self.cost = cost
    }

    /// A unit for each of its candidates, which then share no work. Together they have its estimated cost, so that what is left of a search
    /// is estimated as before.
    public var ofSingleCandidates: [SearchUnit] {
        candidates.map { SearchUnit(candidates: [$0], fold: fold, cost: cost / Double(candidates.count)) }
    }
}

/// The outcome of one unit of a search: some candidates that share work, on one fold.
public struct FinishedUnit: Sendable {
    /// The classifier of all its candidates.
    public let classifier: ClassifierName
    /// One trial a candidate.
    public let trials: [Trial]
    /// How long it took, from its start to its end.
    public let seconds: Double
    /// Its estimated cost: `ClassifierParameters.evaluationCost`.
    public let cost: Double
    /// Whether its job had another unit to start.
    public let hasSuccessor: Bool

    public init(classifier: ClassifierName, trials: [Trial], seconds: Double, cost: Double, hasSuccessor: Bool) {
        self.classifier = classifier
        self.trials = trials
        self.seconds = seconds
        self.cost = cost
        self.hasSuccessor = hasSuccessor
    }
}
