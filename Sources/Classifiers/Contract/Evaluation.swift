import Digits

/// The rows of one fold: trained on the ones, measured on the others.
public struct TrainTestSplit: Sendable {
    /// Row numbers to train on.
    public let trainingRows: [Int]
    /// Row numbers to predict.
    public let testRows: [Int]
    /// The seed of everything that is trained on this split.
    public let seed: UInt64

    public init(trainingRows: [Int], testRows: [Int], seed: UInt64) {
        self.trainingRows = trainingRows
        self.testRows = testRows
        self.seed = seed
    }
}

/// What came of one candidate on one fold.
public struct FoldOutcome: Sendable {
    /// The digits predicted for the test rows, in their order, or why there are none.
    public let predictions: Result<[UInt8], TrainingError>
    /// Time spent fitting; of work shared with other candidates, an equal part.
    public let fitDuration: Duration
    /// Time spent predicting the test rows.
    public let scoreDuration: Duration

    public init(predictions: Result<[UInt8], TrainingError>, fitDuration: Duration, scoreDuration: Duration) {
        self.predictions = predictions
        self.fitDuration = fitDuration
        self.scoreDuration = scoreDuration
    }
}
