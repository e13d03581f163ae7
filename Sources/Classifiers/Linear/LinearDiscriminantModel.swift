import Digits

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Trained linear discriminants: the digit of the largest one, and probabilities by Bayes' rule.
public struct LinearDiscriminantModel: ClassifierModel {
    public typealias Parameters = LinearDiscriminantParameters

    public let parameters: LinearDiscriminantParameters
    public let classes: [UInt8]
    public let trainingReport: TrainingReport
    public let payload: LinearDiscriminantPayload
    private let predictor: LinearPredictor

    public init(
        parameters: LinearDiscriminantParameters, classes: [UInt8], trainingReport: TrainingReport, payload: LinearDiscriminantPayload
    ) throws(TrainingError) {
        try payload.validate(classes: classes)
        self.parameters = parameters
        self.classes = classes
        self.trainingReport = trainingReport
        self.payload = payload
        predictor = LinearPredictor(
            classes: classes, weights: payload.machines.weights, intercepts: payload.machines.intercepts, others: -.infinity)
    }

    /// Directions of the transform; 0 for the solver that has none.
    public var componentCount: Int { payload.scalings.count / Bitmap.pixelCount }

    /// The bitmap in the directions that separate the classes most, the best first: `componentCount` numbers.
    public func transform(_ bitmap: Bitmap) -> [Double] {
        (0..<componentCount).map { component in
            (0..<Bitmap.pixelCount).reduce(0) { sum, pixel in
                sum + payload.scalings[component * Bitmap.pixelCount + pixel] * ((bitmap[pixel] ? 1 : 0) - payload.center[pixel])
            }
        }
    }

    public func scores(for bitmap: Bitmap) -> DigitScores {
        let values = predictor.values(for: bitmap)
        let largest = values.max()
        var scores = DigitScores((0..<DigitDataset.classCount).map { exp(values[$0] - largest) })
        scores /= scores.sum
        return scores
    }

    /// The digit of the largest discriminant, the lowest of equal ones; probabilities may be equal where discriminants are not.
    public func digit(for bitmap: Bitmap) -> UInt8 {
        predictor.digitOfLargestValue(for: bitmap)
    }

    public func prediction(for bitmap: Bitmap) -> Prediction {
        Prediction(digit: digit(for: bitmap), probabilities: scores(for: bitmap))
    }
}
