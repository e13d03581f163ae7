import Classifiers
import ModelSelection

/// An experiment as the database has it.
public struct Experiment: Sendable {
    public let id: ExperimentID
    public let request: ExperimentRequest
    public let dataset: Dataset
    public let state: ExperimentState
    /// Counts the changes of this experiment, from 1: what an ETag is made of.
    public let revision: Int
    public let created: Timestamp
    /// When it first began to run; nil before.
    public let started: Timestamp?
    public let finished: Timestamp?
    /// Why it failed; nil where it did not.
    public let failure: String?
    /// How long it ran, all runs of the server together.
    public let runSeconds: Double
    public let progress: Progress
    /// The best candidate so far, of those that are through; nil while there is none.
    public let best: BestCandidate?
    /// What became of its models; empty until it has succeeded.
    public let models: [PromotionDecision]

    /// The data as they were when the experiment was made: what comes in afterwards does not change it.
    public struct Dataset: Codable, Hashable, Sendable {
        public let name: String
        /// Of the rows, as `DigitDataset.sha256`.
        public let sha256: String
        public let rows: Int
    }

    public struct Progress: Encodable, Hashable, Sendable {
        public let candidateCount: Int
        /// Of successive halving, those of all rounds if no candidate fails.
        public let trialCount: Int
        /// Trials that ran, failed ones among them.
        public let finishedTrialCount: Int
        public let failedTrialCount: Int
        /// Estimated; nil while nothing can be said.
        public let secondsLeft: Double?

        /// 0...100, to a decimal.
        public var percent: Double {
            trialCount == 0 ? 100 : (Double(finishedTrialCount) / Double(trialCount) * 1000).rounded(.down) / 10
        }

        private enum CodingKeys: String, CodingKey {
            case percent, secondsLeft
            case candidateCount = "candidates"
            case trialCount = "trials"
            case finishedTrialCount = "finishedTrials"
            case failedTrialCount = "failedTrials"
        }

        public func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encode(candidateCount, forKey: .candidateCount)
            try fields.encode(trialCount, forKey: .trialCount)
            try fields.encode(finishedTrialCount, forKey: .finishedTrialCount)
            try fields.encode(failedTrialCount, forKey: .failedTrialCount)
            try fields.encode(percent, forKey: .percent)
            try fields.encode(secondsLeft, forKey: .secondsLeft)
        }
    }

    public struct BestCandidate: Codable, Hashable, Sendable {
        public let classifier: ClassifierName
        public let params: ParameterValues
        /// Mean of the folds' accuracies, 0...1.
        public let meanTestScore: Double

        init(_ row: SearchSpace.Row, meanAccuracy: Double) {
            classifier = row.candidate.classifier
            params = row.params
            meanTestScore = meanAccuracy
        }

        private enum CodingKeys: String, CodingKey {
            case classifier, params
            case meanTestScore = "mean_test_score"
        }
    }
}

/// Some experiments of a longer list.
public struct ExperimentPage: Sendable {
    /// Newest first.
    public let experiments: [Experiment]
    /// Where the next page begins; nil on the last one.
    public let next: ExperimentCursor?
}

/// A place in the list of experiments. Clients hand it back as they got it; it stays good when experiments come and go.
public struct ExperimentCursor: Hashable, Sendable, CustomStringConvertible {
    let last: ExperimentID

    init(after last: ExperimentID) {
        self.last = last
    }

    /// - Returns: nil for a text that was no cursor.
    public init?(_ text: String) {
        guard let last = ExperimentID(text) else { return nil }
        self.last = last
    }

    public var description: String { last.description }
}
