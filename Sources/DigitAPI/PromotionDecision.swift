import Classifiers

/// What became of the best candidate of a classifier: a model version, in service or not, and why.
public struct PromotionDecision: Hashable, Sendable {
    public let classifier: ClassifierName
    /// Nil where the candidate could not be refitted.
    public let version: Int?
    public let promoted: Bool
    /// The decision and what it rests on, in words.
    public let decision: String
    /// Mean of the folds' accuracies, 0...1.
    public let accuracy: Double
    /// Nil where nothing was compared.
    public let comparison: Comparison?

    /// The new model beside the one in service.
    public struct Comparison: Codable, Hashable, Sendable {
        /// The model in service.
        public let classifier: ClassifierName
        public let version: Int
        /// Mean accuracy of its hyperparameters over the folds of the comparison, 0...1.
        public let accuracy: Double
        /// Mean over the same folds of the new accuracy less that of the model in service, -1...1.
        public let meanDifference: Double
        /// Standard error of the mean difference, corrected for rows that folds have in common.
        public let standardError: Double
        /// The probability of a difference at least as large, in either direction, if neither is better.
        public let pValue: Double
        /// How often folds were drawn anew. 0 where both models have the same hyperparameters, of which nothing need be measured.
        public let repeats: Int
        /// Folds of each repeat.
        public let folds: Int
        public let timing: PredictionTiming?
        /// Both on the data that the model in service was trained on; nil where the experiment has the same data, or where there was no
        /// reason to look.
        public var ground: Ground?

        private enum CodingKeys: String, CodingKey {
            case classifier, version, accuracy, repeats, folds, timing, ground
            case meanDifference = "mean_difference"
            case standardError = "standard_error"
            case pValue = "p_value"
        }

        public init(
            classifier: ClassifierName, version: Int, accuracy: Double, meanDifference: Double, standardError: Double, pValue: Double,
            repeats: Int, folds: Int, timing: PredictionTiming?, ground: Ground? = nil
        ) {
            self.classifier = classifier
            self.version = version
            self.accuracy = accuracy
            self.meanDifference = meanDifference
            self.standardError = standardError
            self.pValue = pValue
            self.repeats = repeats
            self.folds = folds
            self.timing = timing
            self.ground = ground
        }
    }

    /// Both models on the data that the one in service was trained on, on rows that neither has seen.
    public struct Ground: Codable, Hashable, Sendable {
        public let dataset: String
        public let sha256: String
        public let rows: Int
        /// Rows that the new model's hyperparameters answer rightly, trained on the experiment's data without the rows that they answer.
        public let correct: Int
        /// Rows that the hyperparameters in service answer rightly, trained on the other folds.
        public let servingCorrect: Int

        private enum CodingKeys: String, CodingKey {
            case dataset, sha256, rows, correct
            case servingCorrect = "serving_correct"
        }

        public init(dataset: String, sha256: String, rows: Int, correct: Int, servingCorrect: Int) {
            self.dataset = dataset
            self.sha256 = sha256
            self.rows = rows
            self.correct = correct
            self.servingCorrect = servingCorrect
        }
    }

    public init(
        classifier: ClassifierName, version: Int?, promoted: Bool, decision: String, accuracy: Double, comparison: Comparison?
    ) {
        self.classifier = classifier
        self.version = version
        self.promoted = promoted
        self.decision = decision
        self.accuracy = accuracy
        self.comparison = comparison
    }
}

extension PromotionDecision: Codable {
    private enum CodingKeys: CodingKey { case classifier, version, promoted, decision, accuracy, comparison }

    /// Comparisons once counted the rows that one of two models alone had right. Where such a decision is stored its words still say so.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        classifier = try fields.decode(ClassifierName.self, forKey: .classifier)
        version = try fields.decodeIfPresent(Int.self, forKey: .version)
        promoted = try fields.decode(Bool.self, forKey: .promoted)
        decision = try fields.decode(String.self, forKey: .decision)
        accuracy = try fields.decode(Double.self, forKey: .accuracy)
        comparison = try? fields.decode(Comparison.self, forKey: .comparison)
    }

    /// All fields always: what there is not is null.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(classifier, forKey: .classifier)
        try fields.encode(version, forKey: .version)
        try fields.encode(promoted, forKey: .promoted)
        try fields.encode(decision, forKey: .decision)
        try fields.encode(accuracy, forKey: .accuracy)
        try fields.encode(comparison, forKey: .comparison)
    }
}

/// How long predictions of two models take, measured in turns, both fitted on the same rows.
public struct PredictionTiming: Codable, Hashable, Sendable {
    /// Of the new model: median over the rounds, a prediction.
    public let microseconds: Double
    /// Of the hyperparameters in service.
    public let rivalMicroseconds: Double
    /// Rounds in which the new model was faster, of all.
    public let fasterRounds: Int
    public let rounds: Int

    private enum CodingKeys: String, CodingKey {
        case microseconds, rounds
        case rivalMicroseconds = "rival_microseconds"
        case fasterRounds = "faster_rounds"
    }

    public init(microseconds: Double, rivalMicroseconds: Double, fasterRounds: Int, rounds: Int) {
        self.microseconds = microseconds
        self.rivalMicroseconds = rivalMicroseconds
        self.fasterRounds = fasterRounds
        self.rounds = rounds
    }
}
