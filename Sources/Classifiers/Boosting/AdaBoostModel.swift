import Digits

/// Trained boosted stumps: the digit with the most votes, weighted.
public struct AdaBoostModel: ClassifierModel {
    public typealias Parameters = AdaBoostParameters

    public let parameters: AdaBoostParameters
    public let classes: [UInt8]
    public let trainingReport: TrainingReport
    let stumps: [Stump]
    private let predictor: StumpPredictor

    public init(
        parameters: AdaBoostParameters, classes: [UInt8], trainingReport: TrainingReport, payload: AdaBoostPayload
    ) throws(TrainingError) {
        let stumps = try payload.validatedStumps(stumpCount: parameters.stumpCount, classes: classes)
        self.init(parameters: parameters, classes: classes, trainingReport: trainingReport, stumps: stumps)
    }

    /// - Parameter stumps: at most `parameters.stumpCount`, of digits in `classes`.
    init(parameters: AdaBoostParameters, classes: [UInt8], trainingReport: TrainingReport, stumps: [Stump]) {
        self.parameters = parameters
        self.classes = classes
        self.trainingReport = trainingReport
        self.stumps = stumps
        predictor = StumpPredictor(stumps, classes: classes)
    }

    public var payload: AdaBoostPayload { AdaBoostPayload(stumps) }

    public func scores(for bitmap: Bitmap) -> DigitScores {
        predictor.probabilities(for: bitmap)
    }

    /// The digit of most votes: the exact sums, of which the probabilities are roundings.
    public func digit(for bitmap: Bitmap) -> UInt8 {
        predictor.digit(for: bitmap)
    }

    public func prediction(for bitmap: Bitmap) -> Prediction {
        predictor.prediction(for: bitmap)
    }
}
