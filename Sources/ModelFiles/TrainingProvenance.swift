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
        /// `FoldAssignment.sha256` of folds that a file gave; nil of others, which follow from their kind and the seed.
        public let foldsSHA256: String?

        private enum CodingKeys: String, CodingKey {
            case folds, accuracyMean, accuracyStandardDeviation, kind
            case foldsSHA256 = "foldsSha256"
        }

        /// How the folds came about, which the seed decides where it is drawn.
        public var foldKind: SearchReport.Folds.Kind { kind ?? .stratified }

        /// - Throws: `DecodingError.dataCorrupted` for an accuracy that is no share, and for a deviation that is no deviation of shares.
        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            func number<Number: Decodable & Comparable>(_ key: CodingKeys, in range: ClosedRange<Number>) throws -> Number {
                let found = try fields.decode(Number.self, forKey: key)
                guard range.contains(found) else {
                    throw DecodingError.dataCorruptedError(
                        forKey: key, in: fields, debugDescription: "\(found); expected \(range.lowerBound) to \(range.upperBound)")
                }
                return found
            }
            folds = try number(.folds, in: 2...Int(Int32.max))
            accuracyMean = try number(.accuracyMean, in: 0...1)
            // Of numbers between 0 and 1 the deviation is a half at most.
            accuracyStandardDeviation = try number(.accuracyStandardDeviation, in: 0...0.5)
            kind = try fields.decodeIfPresent(SearchReport.Folds.Kind.self, forKey: .kind)
            foldsSHA256 = try fields.decodeIfPresent(String.self, forKey: .foldsSHA256)
        }

        public init(
            folds: Int, accuracyMean: Double, accuracyStandardDeviation: Double, foldKind: SearchReport.Folds.Kind = .stratified,
            foldsSHA256: String? = nil
        ) {
            kind = foldKind == .stratified ? nil : foldKind
            self.foldsSHA256 = foldsSHA256
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
