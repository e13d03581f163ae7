import Digits

/// Hyperparameters of linear discriminant analysis.
///
/// Names, defaults and meaning are those of scikit-learn's `LinearDiscriminantAnalysis`: `solver`, `n_components` (of the transform; it changes no
/// answer) and `tol`. Priors are the shares of the classes, and nothing is shrunk.
public struct LinearDiscriminantParameters: ClassifierParameters {
    public typealias Model = LinearDiscriminantModel

    public static let classifier = ClassifierName.linearDiscriminantAnalysis

    /// How the discriminants are found; `DiscriminantSolution` says what that changes.
    public enum Solver: String, CaseIterable, Hashable, Sendable {
        case svd, lsqr, eigen
    }

    public let solver: Solver
    /// Directions that the transform keeps, 1 or more; nil for one less than classes. `lsqr` has no transform.
    public let componentCount: Int?
    /// Directions whose standard deviation within classes, of pixels scaled to 1, is not above this are left out; above 0.
    public let tolerance: Double

    /// - Precondition: numbers in the ranges above.
    public init(solver: Solver = .svd, componentCount: Int? = nil, tolerance: Double = 1e-4) {
        precondition(componentCount.map { $0 >= 1 } ?? true, "a transform has one component or more")
        precondition(tolerance > 0 && tolerance.isFinite, "a tolerance is above 0")
        self.solver = solver
        self.componentCount = componentCount
        self.tolerance = tolerance
    }

    public init(values: ParameterValues) throws(TrainingError) {
        try values.requireOnly(["n_components", "solver", "tol"])
        solver = try values.choice("solver", default: .svd)
        componentCount = try values.optionalInteger("n_components", in: 1...Int.max)
        tolerance = try values.positiveNumber("tol", default: 1e-4)
    }

    public var values: ParameterValues {
        ParameterValues([
            "n_components": componentCount.map(ParameterValue.integer) ?? .null, "solver": .text(solver.rawValue),
            "tol": .spelled(tolerance),
        ])
    }

    /// The covariance and its eigenvectors are the same for all solvers.
    public var sharingKey: ParameterValues { ParameterValues(["tol": .spelled(tolerance)]) }

    /// Sixteen numbers for each of some 90 pixels that are set, eight at a time.
    public var predictionCost: Double { 90 * 16 / 8 }

    /// Mostly the eigenvectors of a matrix of 256 x 256.
    public static func evaluationCost(of group: [LinearDiscriminantParameters], rowCount: Int) -> Double {
        10_000 + 2 * Double(rowCount)
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
