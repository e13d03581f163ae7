import Digits

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

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

extension LogisticRegressionParameters {
    /// Trains a machine for each digit. The seed decides nothing.
    ///
    /// The training report counts Newton's `iterations` of all machines, the `conjugate_gradients` of the machine with most of them, and
    /// the `unconverged_machines`.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> LogisticRegressionModel {
        let rows = try RowsByClass(dataset, rows: rows)
        let solution = try LogisticRegressionSolver(rows, parameters: self).solve()
        let unconvergedCount = solution.converged.count { !$0 }
        return try LogisticRegressionModel(
            parameters: self, classes: rows.classes,
            trainingReport: TrainingReport(
                converged: unconvergedCount == 0,
                measures: [
                    "conjugate_gradients": Double(solution.conjugateStepCount),
                    "iterations": Double(solution.iterationCounts.reduce(0, +)),
                    "unconverged_machines": Double(unconvergedCount),
                ]),
            payload: LinearPayload(weights: solution.weights, intercepts: solution.intercepts))
    }
}

/// Trained logistic regressions, one a digit: the digit whose machine is surest, and the machines' probabilities scaled to sum to one.
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
        predictor = payload.predictor(classes: classes)
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
        predictor.values(for: bitmap).digitOfLargest()
    }

    public func prediction(for bitmap: Bitmap) -> Prediction {
        let values = predictor.values(for: bitmap)
        return Prediction(digit: values.digitOfLargest(), probabilities: probabilities(values))
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
