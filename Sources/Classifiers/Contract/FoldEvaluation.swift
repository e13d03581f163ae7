import Digits

/// The rows of one fold: a candidate is trained on some and measured on others.
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

/// What all candidates evaluated on one data set have in common.
public struct EvaluationContext: Sendable {
    public let dataset: DigitDataset
    /// Whether predictions hold probabilities as well as digits. They cost time: a support vector machine fits its sigmoids for them.
    public let wantsProbabilities: Bool

    public init(dataset: DigitDataset, wantsProbabilities: Bool = false) {
        self.dataset = dataset
        self.wantsProbabilities = wantsProbabilities
    }
}

/// What one candidate answers for the test rows of a fold.
public struct FoldPredictions: Hashable, Sendable {
    /// A digit a test row, in the order of the rows: `ClassifierModel.digit(for:)`.
    public private(set) var digits: [UInt8]
    /// Ten probabilities a test row, in the order of the rows: `ClassifierModel.scores(for:)`. Nil unless they were asked for.
    public private(set) var probabilities: [DigitScores]?
    /// `TrainingReport.converged` of the model that answered.
    public let hasConverged: Bool

    public init(digits: [UInt8], probabilities: [DigitScores]? = nil, hasConverged: Bool = true) {
        precondition(probabilities.map { $0.count == digits.count } ?? true, "ten probabilities for each digit")
        self.digits = digits
        self.probabilities = probabilities
        self.hasConverged = hasConverged
    }

    /// No predictions yet, of a model whose training does not iterate; `append` adds those of one row after another.
    init(rowCount: Int, withProbabilities: Bool) {
        hasConverged = true
        digits = []
        digits.reserveCapacity(rowCount)
        if withProbabilities { probabilities = [] }
    }

    /// What a fitted model answers.
    init(of model: some ClassifierModel, for bitmaps: [Bitmap], withProbabilities: Bool) {
        hasConverged = model.trainingReport.converged
        digits = bitmaps.map { model.digit(for: $0) }
        if withProbabilities { probabilities = bitmaps.map { model.scores(for: $0) } }
    }

    /// - Parameter probabilities: computed only where they were asked for.
    @inline(__always)
    mutating func append(digit: UInt8, probabilities scores: @autoclosure () -> DigitScores) {
        digits.append(digit)
        probabilities?.append(scores())
    }
}

/// The outcome of one candidate on one fold.
public struct FoldOutcome: Sendable {
    /// What was predicted for the test rows, or why nothing was.
    public let predictions: Result<FoldPredictions, TrainingError>
    /// Time spent fitting; of work shared with other candidates, an equal part.
    public let fitDuration: Duration
    /// Time spent predicting the test rows; of work shared with other candidates, an equal part.
    public let scoreDuration: Duration

    public init(predictions: Result<FoldPredictions, TrainingError>, fitDuration: Duration, scoreDuration: Duration) {
        self.predictions = predictions
        self.fitDuration = fitDuration
        self.scoreDuration = scoreDuration
    }
}
