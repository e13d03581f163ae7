import Digits

/// Hyperparameters of linear discriminant analysis.
///
/// Names, defaults and meaning are those of scikit-learn's `LinearDiscriminantAnalysis`: `solver`, `shrinkage`, `n_components` (of the
/// transform; it changes no answer) and `tol`. Priors are the shares of the classes.
public struct LinearDiscriminantParameters: ClassifierParameters {
    public typealias Model = LinearDiscriminantModel

    public static let classifier = ClassifierName.linearDiscriminantAnalysis

    /// How the discriminants are found. Where the covariance within classes is regular all agree; `ClassWhitening` says what each does where
    /// it is not.
    public enum Solver: String, CaseIterable, Hashable, Sendable {
        case svd, lsqr, eigen
    }

    public let solver: Solver
    /// Directions that the transform keeps, 1 or more; nil for one less than classes. `lsqr` has no transform.
    public let componentCount: Int?
    /// Of `svd`, above 0: directions are left out in which the standard deviation within classes, of pixels scaled to 1, is not above this,
    /// and those in which the class means spread by this share of their largest spread or less.
    public let tolerance: Double
    /// Of `lsqr` and `eigen`; nil for covariances as they are.
    public let shrinkage: CovarianceShrinkage?

    /// - Precondition: numbers in the ranges above, and a solver that can shrink where something is shrunk.
    public init(
        solver: Solver = .svd, componentCount: Int? = nil, tolerance: Double = 1e-4, shrinkage: CovarianceShrinkage? = nil
    ) {
        precondition(shrinkage == nil || solver != .svd, "svd does not know the covariance that would be shrunk")
        if case .number(let share) = shrinkage { precondition((0...1).contains(share), "a share is shrunk") }
        precondition(componentCount.map { $0 >= 1 } ?? true, "a transform has one component or more")
        precondition(tolerance > 0 && tolerance.isFinite, "a tolerance is above 0")
        self.solver = solver
        self.componentCount = componentCount
        self.tolerance = tolerance
        self.shrinkage = shrinkage
    }

    public init(values: ParameterValues) throws(TrainingError) {
        try values.requireOnly(["n_components", "shrinkage", "solver", "tol"])
        solver = try values.choice("solver", default: .svd)
        componentCount = try values.optionalInteger("n_components", in: 1...Int.max)
        tolerance = try values.positiveNumber("tol", default: 1e-4)
        shrinkage = try CovarianceShrinkage(values, "shrinkage")
        if let shrinkage, solver == .svd {
            throw .invalidParameter(
                name: "shrinkage", found: shrinkage.value, expected: "null for solver svd; lsqr and eigen can shrink")
        }
    }

    public var values: ParameterValues {
        var values = ParameterValues([
            "n_components": componentCount.map(ParameterValue.integer) ?? .null, "solver": .text(solver.rawValue),
            "tol": .spelled(tolerance),
        ])
        // Left out where nothing is shrunk, as in the documents written before it could be chosen.
        if let shrinkage { values["shrinkage"] = shrinkage.value }
        return values
    }

    /// All have the counts of the rows in common.
    public var sharingKey: ParameterValues { ParameterValues() }

    /// Sixteen numbers for each of some 90 pixels that are set, eight at a time.
    public var predictionCost: Double { 90 * 16 / 8 }

    /// Mostly two factors of a matrix of 256 x 256.
    public static func evaluationCost(of group: [LinearDiscriminantParameters], rowCount: Int) -> Double {
        2_000 + Double(rowCount)
    }

    /// - Throws: `TrainingError.invalidParameter` for more components than one less than classes.
    func keptComponentCount(classCount: Int) throws(TrainingError) -> Int {
        let most = min(classCount - 1, Bitmap.pixelCount)
        guard let componentCount else { return most }
        guard componentCount <= most else {
            throw .invalidParameter(
                name: "n_components", found: .integer(componentCount), expected: "at most \(most), one less than the \(classCount) classes")
        }
        return componentCount
    }
}

extension LinearDiscriminantParameters {
    /// Finds the discriminants. The seed decides nothing.
    ///
    /// - Throws: as the protocol says; `TrainingError.invalidParameter` for more components than one less than classes; `.noSolution` where
    ///   nothing varies within classes, and from `eigen` where the covariance within classes is singular; `.libraryMissing`.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> LinearDiscriminantModel {
        if Task.isCancelled { throw .cancelled }
        let rows = try RowsByClass(dataset, rows: rows)
        let componentCount = try keptComponentCount(classCount: rows.classes.count)
        let moments = try DiscriminantMoments(rows)
        if Task.isCancelled { throw .cancelled }
        return try model(solution(moments, rows: rows), classes: moments.classes, componentCount: componentCount)
    }

    /// - Parameters:
    ///   - moments: of the rows, not shrunk.
    ///   - regularWhitening: where the covariance, not shrunk, is known to be regular for this solver.
    fileprivate func solution(
        _ moments: DiscriminantMoments, rows: RowsByClass, regularWhitening: ClassWhitening? = nil
    ) throws(TrainingError) -> DiscriminantSolution {
        let moments = shrinkage.map { moments.shrunk($0, rows: rows) } ?? moments
        let whitening: ClassWhitening
        if let regularWhitening, shrinkage == nil {
            whitening = regularWhitening
        } else {
            whitening = try ClassWhitening.of(moments, solver: solver, tolerance: tolerance)
        }
        return try DiscriminantSolution(moments, whitening: whitening, solver: solver, tolerance: tolerance)
    }

    fileprivate func model(
        _ solution: DiscriminantSolution, classes: [UInt8], componentCount: Int
    ) throws(TrainingError) -> LinearDiscriminantModel {
        try LinearDiscriminantModel(
            parameters: self, classes: classes, trainingReport: TrainingReport(), payload: solution.payload(componentCount: componentCount))
    }

    public static func evaluate(
        _ group: [LinearDiscriminantParameters], in context: EvaluationContext, split: TrainTestSplit
    ) -> [FoldOutcome] {
        DiscriminantWork.outcomes(of: group, in: context, split: split)
    }
}

/// The rows are counted once for all candidates, and whitened once for all that do not shrink the covariance if it is regular. Candidates that differ in
/// `n_components` alone have one solution, which gives one answer: components change the transform only.
private struct DiscriminantWork: SharedWork {
    /// What all candidates need of the rows.
    private struct Moments {
        let moments: DiscriminantMoments
        /// Where the covariance is regular for all candidates that do not shrink it.
        let regularWhitening: ClassWhitening?

        init(_ rows: RowsByClass, group: [LinearDiscriminantParameters]) throws(TrainingError) {
            moments = try DiscriminantMoments(rows)
            if Task.isCancelled { throw .cancelled }
            let leastVariances = group.filter { $0.shrinkage == nil }.map {
                ClassWhitening.leastRegularVariance(solver: $0.solver, tolerance: $0.tolerance)
            }
            if let leastVariance = leastVariances.max() {
                regularWhitening = try ClassWhitening.regular(moments, leastVariance: leastVariance)
            } else {
                regularWhitening = nil
            }
        }
    }

    private let rows: RowsByClass
    /// A failure counts after that of too many components, as in `fit`.
    private let moments: Result<Moments, TrainingError>

    static func prepare(
        _ group: [LinearDiscriminantParameters], in context: EvaluationContext, split: TrainTestSplit
    ) throws(TrainingError) -> DiscriminantWork {
        if Task.isCancelled { throw .cancelled }
        let rows = try RowsByClass(context.dataset, rows: split.trainingRows)
        return DiscriminantWork(
            rows: rows, moments: Result { () throws(TrainingError) in try Moments(rows, group: group) })
    }

    func validate(_ candidate: LinearDiscriminantParameters) throws(TrainingError) {
        _ = try candidate.keptComponentCount(classCount: rows.classes.count)
    }

    static func part(of candidate: LinearDiscriminantParameters) -> LinearDiscriminantParameters {
        LinearDiscriminantParameters(
            solver: candidate.solver, tolerance: candidate.tolerance, shrinkage: candidate.shrinkage)
    }

    func fit(_ part: [LinearDiscriminantParameters]) throws(TrainingError) -> LinearDiscriminantModel {
        let shared = try moments.get()
        let solution = try part[0].solution(shared.moments, rows: rows, regularWhitening: shared.regularWhitening)
        let componentCount = try part[0].keptComponentCount(classCount: rows.classes.count)
        return try part[0].model(solution, classes: rows.classes, componentCount: componentCount)
    }
}

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
        predictor = payload.machines.predictor(classes: classes)
        self.payload = payload
        self.parameters = parameters
        self.classes = classes
        self.trainingReport = trainingReport
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
        DigitScores(logarithms: predictor.values(for: bitmap))
    }

    /// The digit of the largest discriminant, the lowest of equal ones; probabilities may be equal where discriminants are not.
    public func digit(for bitmap: Bitmap) -> UInt8 {
        predictor.values(for: bitmap).digitOfLargest()
    }

    public func prediction(for bitmap: Bitmap) -> Prediction {
        let values = predictor.values(for: bitmap)
        return Prediction(digit: values.digitOfLargest(), probabilities: DigitScores(logarithms: values))
    }
}

/// The numbers of a linear discriminant analysis, as they stand in a model document.
public struct LinearDiscriminantPayload: Codable, Hashable, Sendable {
    /// Classes x 256 and classes: the discriminants.
    let machines: LinearPayload
    /// 256: what the transform takes from a bitmap first.
    let center: [Double]
    /// Components x 256: the transform; none for the solver that has none.
    let scalings: [Double]

    /// - Throws: `TrainingError.invalidModel` naming the field that does not fit.
    func validate(classes: [UInt8]) throws(TrainingError) {
        try machines.validate(classes: classes)
        try PayloadCheck.count(center, of: "center", is: Bitmap.pixelCount)
        guard scalings.count.isMultiple(of: Bitmap.pixelCount), scalings.count < classes.count * Bitmap.pixelCount else {
            throw .invalidModel(
                field: "scalings", found: "\(scalings.count) numbers",
                expected: "\(Bitmap.pixelCount) for each component, of which there are at most \(classes.count - 1)")
        }
        try PayloadCheck.finite(center, of: "center")
        try PayloadCheck.finite(scalings, of: "scalings")
    }
}
