import Classifiers
import Experiments

/// The server's description of an experiment, as far as the command line shows it.
package struct ExperimentDocument: Decodable, Hashable, Sendable {
    package struct Dataset: Decodable, Hashable, Sendable {
        package let name: String
        package let rows: Int
    }

    /// How far a search is. With halving the numbers of candidates and trials are those that are known so far.
    package struct Progress: Hashable, Sendable {
        package let candidates: Int
        package let trials: Int
        package let finishedTrials: Int
        package let failedTrials: Int
        /// 0...100.
        package let percent: Double
        package let secondsLeft: Double?
    }

    /// The best candidate so far.
    package struct Best: Hashable, Sendable {
        package let classifier: String
        package let params: ParameterValues
        /// Mean of the folds' accuracies, 0...1.
        package let meanTestScore: Double
    }

    /// What became of the best candidate of a classifier.
    package struct Model: Decodable, Hashable, Sendable {
        package let classifier: String
        package let promoted: Bool
        /// What became of it, and why: a sentence.
        package let decision: String
    }

    package let id: ExperimentID
    package let name: String?
    package let state: ExperimentState
    package let dataset: Dataset
    /// RFC 3339, UTC.
    package let created: String
    package let failure: String?
    package let progress: Progress
    package let best: Best?
    /// Empty until the experiment has succeeded.
    package let models: [Model]
}

extension ExperimentDocument.Progress: Decodable {
    private enum CodingKeys: CodingKey {
        case candidates, trials, finishedTrials, failedTrials, percent, secondsLeft
    }

    package init(from decoder: any Decoder) throws {
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

    package init(from decoder: any Decoder) throws {
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
package struct ExperimentListing<Document: Decodable>: Decodable {
    package let experiments: [Document]
    /// The next page's path and query; nil at the end.
    package let next: String?
}
