import Classifiers
import Experiments

/// What the server tells of an experiment, as far as the command line shows it.
struct ExperimentDocument: Decodable, Hashable, Sendable {
    struct Dataset: Decodable, Hashable, Sendable {
        let name: String
        let rows: Int
    }

    /// How far a search is. With halving the numbers of candidates and trials are those that are known so far.
    struct Progress: Hashable, Sendable {
        let candidates: Int
        let trials: Int
        let finishedTrials: Int
        let failedTrials: Int
        /// 0...100.
        let percent: Double
        let secondsLeft: Double?
    }

    /// The best candidate so far.
    struct Best: Hashable, Sendable {
        let classifier: String
        let params: ParameterValues
        /// Mean of the folds' accuracies, 0...1.
        let meanTestScore: Double
    }

    /// What became of the best candidate of a classifier.
    struct Model: Decodable, Hashable, Sendable {
        let classifier: String
        let promoted: Bool
        /// What became of it, and why: a sentence.
        let decision: String
    }

    let id: ExperimentID
    let name: String?
    let state: ExperimentState
    let dataset: Dataset
    /// RFC 3339, UTC.
    let created: String
    let failure: String?
    let progress: Progress
    let best: Best?
    /// Empty until the experiment has succeeded.
    let models: [Model]
}

extension ExperimentDocument.Progress: Decodable {
    private enum CodingKeys: CodingKey {
        case candidates, trials, finishedTrials, failedTrials, percent, secondsLeft
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        let counts = 0...1_000_000_000
        candidates = try fields.decode(.candidates, in: counts)
        trials = try fields.decode(.trials, in: counts)
        finishedTrials = try fields.decode(.finishedTrials, in: counts)
        failedTrials = try fields.decode(.failedTrials, in: counts)
        percent = try fields.decode(.percent, in: 0...100)
        secondsLeft = try fields.decodeNil(forKey: .secondsLeft) ? nil : fields.decode(.secondsLeft, in: 0...1e9)
    }
}

extension ExperimentDocument.Best: Decodable {
    private enum CodingKeys: String, CodingKey {
        case classifier, params
        case meanTestScore = "mean_test_score"
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        classifier = try fields.decode(String.self, forKey: .classifier)
        params = try fields.decode(ParameterValues.self, forKey: .params)
        meanTestScore = try fields.decode(.meanTestScore, in: 0...1)
    }
}

extension KeyedDecodingContainer {
    /// A number that is what it should be; what is shown later need not be looked at again.
    fileprivate func decode<Number: Decodable & Comparable>(_ key: Key, in range: ClosedRange<Number>) throws -> Number {
        let number = try decode(Number.self, forKey: key)
        guard range.contains(number) else {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "\(number)")
        }
        return number
    }
}

/// A page of the list of experiments, newest first.
struct ExperimentPage<Document: Decodable>: Decodable {
    let experiments: [Document]
    /// The next page's path and query; nil at the end.
    let next: String?
}
