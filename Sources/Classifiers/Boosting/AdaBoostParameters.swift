import Digits

/// Hyperparameters of boosted stumps, trees of one split.
///
/// Names, defaults and meaning are those of scikit-learn's `AdaBoostClassifier`: `n_estimators` and `learning_rate`. `StumpBooster` says
/// how it boosts.
public struct AdaBoostParameters: ClassifierParameters {
    public typealias Model = AdaBoostModel

    public static let classifier = ClassifierName.adaboost

    /// Most stumps that a model may have.
    public static let largestStumpCount = 100_000

    /// Most stumps, 1 or more; there are fewer where boosting comes to its end.
    public let stumpCount: Int
    /// The power to which the factor is raised that a row's weight grows by, a finite number above 0.
    public let learningRate: Double

    /// - Precondition: numbers in the ranges above.
    public init(stumpCount: Int = 50, learningRate: Double = 1) {
        precondition((1...AdaBoostParameters.largestStumpCount).contains(stumpCount), "there are 1 to 100,000 stumps")
        precondition(learningRate > 0 && learningRate.isFinite, "a learning rate is greater than 0")
        self.stumpCount = stumpCount
        self.learningRate = learningRate
    }

    public init(values: ParameterValues) throws(TrainingError) {
        try values.requireOnly(["learning_rate", "n_estimators"])
        stumpCount = try values.integer("n_estimators", in: 1...AdaBoostParameters.largestStumpCount, default: 50)
        learningRate = try values.positiveNumber("learning_rate", default: 1)
    }

    public var values: ParameterValues {
        ParameterValues(["learning_rate": .number(learningRate), "n_estimators": .integer(stumpCount)])
    }

    /// Fewer stumps are the first of more.
    public var sharingKey: ParameterValues { ParameterValues(["learning_rate": .number(learningRate)]) }

    /// The most stumps of the group: the others are among them. As measured a stump takes 0.0055 microseconds a row.
    public static func evaluationCost(of group: [AdaBoostParameters], rowCount: Int) -> Double {
        0.0055 * Double(rowCount) * Double(group.map(\.stumpCount).max() ?? 0)
    }

    /// The votes of all stumps on a pixel are one row of numbers, so that no more than the pixels count.
    public var predictionCost: Double { Double(min(stumpCount, Bitmap.pixelCount)) }
}
