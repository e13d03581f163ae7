import ModelSelection

/// Where a model comes from: enough to make it again.
public struct TrainingProvenance: Codable, Hashable, Sendable {
    /// Name and SHA-256 of the data set, and how many of its rows the model was trained on.
    public let dataset: SearchReport.Dataset
    /// The seed of the final fit.
    public let seed: UInt64
    /// The cross-validation that chose the hyperparameters.
    public let crossValidation: CrossValidation
    public let digitdVersion: String

    public struct CrossValidation: Codable, Hashable, Sendable {
        public let folds: Int
        /// Mean of the folds' accuracies, 0...1.
        public let accuracyMean: Double
        /// Standard deviation over the folds.
        public let accuracyStandardDeviation: Double
        /// How the folds came about; nil for the usual, stratified ones.
        private let kind: SearchReport.Folds.Kind?

        /// How the folds came about, which the seed decides where it is drawn.
        public var foldKind: SearchReport.Folds.Kind { kind ?? .stratified }

        public init(
            folds: Int, accuracyMean: Double, accuracyStandardDeviation: Double, foldKind: SearchReport.Folds.Kind = .stratified
        ) {
            kind = foldKind == .stratified ? nil : foldKind
            self.folds = folds
            self.accuracyMean = accuracyMean
            self.accuracyStandardDeviation = accuracyStandardDeviation
        }
    }

    public init(
        dataset: SearchReport.Dataset, seed: UInt64, crossValidation: CrossValidation, digitdVersion: String = DigitdVersion.current
    ) {
        self.dataset = dataset
        self.seed = seed
        self.crossValidation = crossValidation
        self.digitdVersion = digitdVersion
    }
}
