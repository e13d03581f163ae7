import Classifiers
import JSONText

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a server-sent event of `GET /experiments/{id}/events` says: its name is the kind, its data the value as JSON in one line.
public enum ExperimentUpdate: Hashable, Sendable {
    /// A change of state, stored with the change itself.
    case state(StateChange)
    /// Finished trials, stored with the unit that they are of.
    case trials(FinishedTrials)
    /// What else there is to say: models that were stored, or put into service.
    case notice(Notice)

    public enum Kind: String, CaseIterable, Sendable {
        case state, trials, notice
    }

    public struct StateChange: Codable, Hashable, Sendable {
        public let state: ExperimentState
        /// Why the experiment failed; null for every other state.
        @ExplicitNull public private(set) var failure: String?

        public init(state: ExperimentState, failure: String? = nil) {
            self.state = state
            self.failure = failure
        }
    }

    public struct FinishedTrials: Codable, Hashable, Sendable {
        public let trials: [FinishedTrial]
        public let progress: ExperimentProgress
        @ExplicitNull public private(set) var best: BestCandidate?

        public init(trials: [FinishedTrial], progress: ExperimentProgress, best: BestCandidate?) {
            self.trials = trials
            self.progress = progress
            self.best = best
        }
    }

    public struct FinishedTrial: Codable, Hashable, Sendable {
        /// Number of the candidate in the whole experiment, from 0.
        public let candidate: Int
        public let classifier: ClassifierName
        public let params: ParameterValues
        /// From 0.
        public let fold: Int
        /// Accuracy, 0...1; null for a trial that failed.
        @ExplicitNull public private(set) var score: Double?
        /// Why the trial failed; null for one that did not.
        @ExplicitNull public private(set) var error: String?

        public init(candidate: Int, classifier: ClassifierName, params: ParameterValues, fold: Int, score: Double?, error: String?) {
            self.candidate = candidate
            self.classifier = classifier
            self.params = params
            self.fold = fold
            self.score = score
            self.error = error
        }
    }

    public struct Notice: Codable, Hashable, Sendable {
        public let message: String

        public init(message: String) {
            self.message = message
        }
    }

    public var kind: Kind {
        switch self {
        case .state: .state
        case .trials: .trials
        case .notice: .notice
        }
    }

    /// - Throws: `DecodingError` for data that are not those of the kind.
    package init(_ kind: Kind, json: some Collection<UInt8>) throws {
        func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value { try JSONDecoder().decode(type, from: Data(json)) }
        self =
            switch kind {
            case .state: .state(try decoded(StateChange.self))
            case .trials: .trials(try decoded(FinishedTrials.self))
            case .notice: .notice(try decoded(Notice.self))
            }
    }
}

extension ExperimentUpdate: Encodable {
    /// The data of the event.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .state(let change): try change.encode(to: encoder)
        case .trials(let trials): try trials.encode(to: encoder)
        case .notice(let notice): try notice.encode(to: encoder)
        }
    }
}
