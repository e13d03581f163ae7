import Classifiers
import JSONText

/// An experiment: `GET /experiments/{id}`. All fields are always there; what is not known yet is null.
public struct ExperimentDescription: Codable, Hashable, Sendable {
    /// The rows as they were when the experiment was queued.
    public struct Dataset: Codable, Hashable, Sendable {
        public let name: String
        /// SHA-256 of the rows in digitd's packed form, 64 hexadecimal digits.
        public let sha256: String
        public let rows: Int

        public init(name: String, sha256: String, rows: Int) {
            self.name = name
            self.sha256 = sha256
            self.rows = rows
        }
    }

    /// Where to ask for more, as paths.
    public struct Links: Codable, Hashable, Sendable {
        public let `self`: String
        public let events: String
        public let report: String
        public let cancel: String
        public let retry: String

        init(_ id: ExperimentID) {
            let path = ExperimentDescription.path(of: id)
            self.`self` = path
            events = "\(path)/events"
            report = "\(path)/report"
            cancel = "\(path)/cancel"
            retry = "\(path)/retry"
        }
    }

    public let id: ExperimentID
    /// What the client called it; null where it gave no name.
    @ExplicitNull public private(set) var name: String?
    public let state: ExperimentState
    /// The request with every default filled in.
    public let request: NewExperiment
    public let dataset: Dataset
    /// RFC 3339, UTC.
    public let created: String
    @ExplicitNull public private(set) var started: String?
    @ExplicitNull public private(set) var finished: String?
    /// Why it failed; null where it did not.
    @ExplicitNull public private(set) var failure: String?
    public let progress: ExperimentProgress
    /// The best candidate so far, of those that every fold has measured; null while there is none.
    @ExplicitNull public private(set) var best: BestCandidate?
    /// Empty until the experiment has succeeded.
    public let models: [PromotionDecision]
    public let links: Links

    /// - Parameters:
    ///   - created: this and the other times as RFC 3339 spells them, in UTC.
    public init(
        id: ExperimentID, state: ExperimentState, request: NewExperiment, dataset: Dataset, created: String, started: String?,
        finished: String?, failure: String?, progress: ExperimentProgress, best: BestCandidate?, models: [PromotionDecision]
    ) {
        self.id = id
        self.state = state
        self.request = request
        self.dataset = dataset
        self.created = created
        self.progress = progress
        self.models = models
        links = Links(id)
        name = request.name
        self.started = started
        self.finished = finished
        self.failure = failure
        self.best = best
    }

    public static func path(of id: ExperimentID) -> String { "/experiments/\(id)" }
}

/// A page of `GET /experiments`, newest first.
public struct ExperimentList<Description: Codable & Sendable>: Codable, Sendable {
    public let experiments: [Description]
    /// The next page's path and query; null on the last page.
    @ExplicitNull public private(set) var next: String?

    public init(experiments: [Description], next: String?) {
        self.experiments = experiments
        self.next = next
    }
}

/// How far a search is. With halving, trials are those of all rounds; where candidates fail in a round, they become fewer with the next.
public struct ExperimentProgress: Hashable, Sendable {
    public let candidateCount: Int
    public let trialCount: Int
    /// Trials that ran, failed ones among them.
    public let finishedTrialCount: Int
    public let failedTrialCount: Int
    /// Estimated; nil while nothing can be said.
    public let secondsLeft: Double?

    public init(candidateCount: Int, trialCount: Int, finishedTrialCount: Int, failedTrialCount: Int, secondsLeft: Double?) {
        self.candidateCount = candidateCount
        self.trialCount = trialCount
        self.finishedTrialCount = finishedTrialCount
        self.failedTrialCount = failedTrialCount
        self.secondsLeft = secondsLeft
    }

    /// 0...100, to a decimal, rounded down.
    public var percent: Double {
        trialCount == 0 ? 100 : (Double(finishedTrialCount) / Double(trialCount) * 1000).rounded(.down) / 10
    }
}

extension ExperimentProgress: Codable {
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

    /// Refuses numbers that could not be shown, so that who shows them need not look again.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let counts = 0...1_000_000_000
        candidateCount = try fields.decode(.candidateCount, in: counts)
        trialCount = try fields.decode(.trialCount, in: counts)
        finishedTrialCount = try fields.decode(.finishedTrialCount, in: 0...trialCount)
        failedTrialCount = try fields.decode(.failedTrialCount, in: 0...finishedTrialCount)
        secondsLeft = try fields.decodeNil(forKey: .secondsLeft) ? nil : fields.decode(.secondsLeft, in: 0...1e9)
    }
}

/// A candidate with what the folds measured.
public struct BestCandidate: Hashable, Sendable {
    public let classifier: ClassifierName
    public let params: ParameterValues
    /// Mean of the folds' accuracies, 0...1.
    public let meanTestScore: Double

    public init(classifier: ClassifierName, params: ParameterValues, meanTestScore: Double) {
        self.classifier = classifier
        self.params = params
        self.meanTestScore = meanTestScore
    }
}

extension BestCandidate: Codable {
    private enum CodingKeys: String, CodingKey {
        case classifier, params
        case meanTestScore = "mean_test_score"
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        classifier = try fields.decode(ClassifierName.self, forKey: .classifier)
        params = try fields.decode(ParameterValues.self, forKey: .params)
        meanTestScore = try fields.decode(.meanTestScore, in: 0...1)
    }
}

extension KeyedDecodingContainer {
    fileprivate func decode<Number: Decodable & Comparable>(_ key: Key, in range: ClosedRange<Number>) throws -> Number {
        let number = try decode(Number.self, forKey: key)
        guard range.contains(number) else {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "\(number)")
        }
        return number
    }
}
