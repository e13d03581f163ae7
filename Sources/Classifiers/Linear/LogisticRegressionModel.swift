import Digits

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Trained logistic regressions, one a digit: the digit whose machine is surest, and the machines' probabilities made to sum to one.
///
/// Where only two digits were trained there are two machines all the same, the one the other's mirror image, with the probabilities that
/// one would give.
public struct LogisticRegressionModel: ClassifierModel {
    public typealias Parameters = LogisticRegressionParameters

    public let parameters: LogisticRegressionParameters
    public let classes: [UInt8]
    public let trainingReport: TrainingReport
    public let payload: LinearPayload
    private let predictor: LinearPredictor

    public init(
        parameters: LogisticRegressionParameters, classes: [UInt8], trainingReport: TrainingReport, payload: LinearPayload
    ) throws(TrainingError) {
        try payload.validate(classes: classes)
        self.parameters = parameters
        self.classes = classes
        self.trainingReport = trainingReport
        self.payload = payload
        predictor = LinearPredictor(classes: classes, weights: payload.weights, intercepts: payload.intercepts, others: -.infinity)
    }

    /// The machines' values w.x + b, one a class.
    public func decisionValues(for bitmap: Bitmap) -> [Double] {
        let values = predictor.values(for: bitmap)
        return classes.map { values[Int($0)] }
    }

    public func scores(for bitmap: Bitmap) -> DigitScores {
        probabilities(predictor.values(for: bitmap))
    }

    /// The digit of the largest value, the lowest of equal ones; probabilities may be equal where values are not.
    public func digit(for bitmap: Bitmap) -> UInt8 {
        digitOfLargest(predictor.values(for: bitmap))
    }

    public func prediction(for bitmap: Bitmap) -> Prediction {
        let values = predictor.values(for: bitmap)
        return Prediction(digit: digitOfLargest(values), probabilities: probabilities(values))
    }

    private func digitOfLargest(_ values: SIMD16<Double>) -> UInt8 {
        var best = classes[0]
        for digit in classes where values[Int(digit)] > values[Int(best)] { best = digit }
        return best
    }

    private func probabilities(_ values: SIMD16<Double>) -> DigitScores {
        // Of a machine that is sure that it is not its digit, only the small number is exact; where all are, the shares of the largest are.
        let largest = min(values.max(), 0)
        var scores = DigitScores.zero
        for digit in classes {
            let value = values[Int(digit)]
            let small = exp(-abs(value))
            scores[Int(digit)] = value >= 0 ? 1 / (1 + small) : exp(value - largest) / (1 + small)
        }
        scores /= scores.sum
        return scores
    }
}
