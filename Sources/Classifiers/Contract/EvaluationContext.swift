import Digits

/// What all candidates evaluated on one data set have in common.
public struct EvaluationContext: Sendable {
    public let dataset: DigitDataset

    public init(dataset: DigitDataset) {
        self.dataset = dataset
    }
}
