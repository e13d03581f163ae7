import Digits

/// Hyperparameters of a classifier: values that can be fitted, and are valid because they exist.
///
/// An unfitted model does not exist: `fit` returns a complete one or throws.
public protocol ClassifierParameters: Hashable, Sendable {
    associatedtype Model: ClassifierModel where Model.Parameters == Self

    /// The classifier's spelling in grids, files and addresses.
    static var classifier: ClassifierName { get }

    /// Reads hyperparameters by scikit-learn's names; what is left out has scikit-learn's default.
    ///
    /// - Throws: `TrainingError.unknownParameter`, `.invalidParameter`.
    init(values: ParameterValues) throws(TrainingError)

    /// All hyperparameters by scikit-learn's names; `init(values:)` of them gives an equal value.
    var values: ParameterValues { get }

    /// Trains on the chosen rows of a data set.
    ///
    /// - Parameters:
    ///   - rows: row numbers of `dataset`; a row may be given more than once.
    ///   - seed: decides every random choice. Equal seeds give equal models, byte for byte.
    /// - Throws: `TrainingError.rowOutOfRange`, `.tooFewClasses` for rows of fewer than two digits, `.cancelled` soon after the
    ///   current task was cancelled.
    func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> Model

    /// About how many operations one prediction takes, to choose the cheaper of two equally accurate candidates. Only its order matters.
    var predictionCost: Double { get }

    /// Candidates with equal keys share work when they are evaluated together. Most share with nobody: the default is `values`.
    var sharingKey: ParameterValues { get }

    /// About how many microseconds `evaluate` takes for a group with `rowCount` training rows: searches start the longest work first.
    /// Only its order matters, and its proportions for the time that is left; nothing else depends on it. The default takes no sharing
    /// into account.
    static func evaluationCost(of group: [Self], rowCount: Int) -> Double

    /// Fits each candidate of a group on the training rows and predicts the test rows.
    ///
    /// Sharing is an optimisation only: each outcome's predictions are those of `fit` alone with the same rows and seed.
    /// - Parameter group: candidates with equal sharing keys, in any order; one or more.
    /// - Returns: as many outcomes, in the same order.
    static func evaluate(_ group: [Self], in context: EvaluationContext, split: TrainTestSplit) -> [FoldOutcome]
}

/// A trained classifier: immutable, and the same answer for the same bitmap always.
public protocol ClassifierModel: Sendable {
    associatedtype Parameters: ClassifierParameters where Parameters.Model == Self
    /// The numbers of a model, as they stand in a model document.
    associatedtype Payload: Codable & Sendable

    /// The hyperparameters it was trained with.
    var parameters: Parameters { get }
    /// The digits it can answer, in ascending order: those of its training rows.
    var classes: [UInt8] { get }
    var trainingReport: TrainingReport { get }
    var payload: Payload { get }

    /// A model from its numbers.
    ///
    /// - Throws: `TrainingError.invalidModel` naming the field whose length, range or finiteness does not fit.
    init(parameters: Parameters, classes: [UInt8], trainingReport: TrainingReport, payload: Payload) throws(TrainingError)

    /// Ten scores, one a digit; for every classifier here they are probabilities that sum to one. Digits that are not in `classes` score 0.
    func scores(for bitmap: Bitmap) -> DigitScores

    /// The digit answered: the largest score, the lower digit of equal ones, unless the classifier says otherwise.
    func digit(for bitmap: Bitmap) -> UInt8

    /// The digit and the probabilities.
    func prediction(for bitmap: Bitmap) -> Prediction
}

extension ClassifierModel {
    public func digit(for bitmap: Bitmap) -> UInt8 {
        scores(for: bitmap).digitOfLargest
    }

    public func prediction(for bitmap: Bitmap) -> Prediction {
        let scores = scores(for: bitmap)
        return Prediction(digit: scores.digitOfLargest, probabilities: scores)
    }
}

extension ClassifierParameters {
    public var sharingKey: ParameterValues { values }

    public static func evaluationCost(of group: [Self], rowCount: Int) -> Double {
        Double(group.count) * Double(rowCount)
    }

    public static func evaluate(_ group: [Self], in context: EvaluationContext, split: TrainTestSplit) -> [FoldOutcome] {
        SeparateWork.outcomes(of: group, in: context, split: split)
    }
}

/// How the training of a model went.
public struct TrainingReport: Codable, Hashable, Sendable {
    /// False where the solver reached its iteration limit before its tolerance.
    public var converged: Bool
    /// Measures by name (`iterations`, `support_vectors`, `out_of_bag_score`, …); finite numbers.
    public var measures: [String: Double]

    public init(converged: Bool = true, measures: [String: Double] = [:]) {
        self.converged = converged
        self.measures = measures
    }
}
