import Digits

/// Hyperparameters of logistic regression, one digit against the rest.
///
/// Names, defaults and meaning are those of scikit-learn's `OneVsRestClassifier(LogisticRegression(solver="liblinear"))`: `C`, `tol` and
/// `max_iter`.
public struct LogisticRegressionParameters: ClassifierParameters {
    public typealias Model = LogisticRegressionModel

    public static let classifier = ClassifierName.logisticRegression

    /// The weight of the losses beside the penalty, above 0.
    public let c: Double
    /// How small the gradient has to become beside the one at the start, above 0; `LogisticRegressionSolver` says how exactly.
    public let tolerance: Double
    /// Newton's steps after which a machine is taken as it is and the model reported as not converged, 1 or more.
    public let iterationLimit: Int

    /// - Precondition: numbers in the ranges above.
    public init(c: Double = 1, tolerance: Double = 1e-4, iterationLimit: Int = 100) {
        precondition(c > 0 && c.isFinite && tolerance > 0 && tolerance.isFinite && iterationLimit >= 1)
        self.c = c
        self.tolerance = tolerance
        self.iterationLimit = iterationLimit
    }

    public init(values: ParameterValues) throws(TrainingError) {
        try values.requireOnly(["C", "max_iter", "tol"])
        c = try values.positiveNumber("C", default: 1)
        tolerance = try values.positiveNumber("tol", default: 1e-4)
        iterationLimit = try values.integer("max_iter", in: 1...Int.max, default: 100)
    }

    public var values: ParameterValues {
        ParameterValues(["C": .spelled(c), "max_iter": .integer(iterationLimit), "tol": .spelled(tolerance)])
    }

    /// Sixteen numbers for each of some 90 pixels that are set, eight at a time.
    public var predictionCost: Double { 90 * 16 / 8 }

    /// A larger C takes more steps, each with more conjugate gradients.
    public static func evaluationCost(of group: [LogisticRegressionParameters], rowCount: Int) -> Double {
        group.reduce(0) { $0 + Double(rowCount) * max(2, 9 + 5 * $1.c.exponentOfTen) }
    }
}

extension Double {
    /// The decimal exponent, about.
    fileprivate var exponentOfTen: Double { Double(exponent) * 0.301 }
}
