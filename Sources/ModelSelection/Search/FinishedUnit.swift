import Classifiers

/// What came of one unit of a search: some candidates that share work, on one fold.
public struct FinishedUnit: Sendable {
    /// The classifier of all its candidates.
    public let classifier: ClassifierName
    /// One trial a candidate.
    public let trials: [Trial]
    /// How long it took, from its start to its end.
    public let seconds: Double
    /// What it was estimated to cost; `ClassifierParameters.evaluationCost`.
    public let cost: Double
    /// Whether its job had another unit to go on with.
    public let hasSuccessor: Bool

    public init(classifier: ClassifierName, trials: [Trial], seconds: Double, cost: Double, hasSuccessor: Bool) {
        self.classifier = classifier
        self.trials = trials
        self.seconds = seconds
        self.cost = cost
        self.hasSuccessor = hasSuccessor
    }
}
