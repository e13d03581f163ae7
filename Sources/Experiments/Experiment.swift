import DigitAPI
import ModelSelection

/// An experiment as the database has it.
public struct Experiment: Sendable {
    public let id: ExperimentID
    /// The reason where this digitd cannot read what another one has queued: then it fails when its turn comes.
    public let request: Result<ExperimentRequest, ExperimentRequestError>
    /// What clients get to see of the request.
    let requestDescription: NewExperiment
    /// The data as they were when the experiment was queued: what comes in afterwards does not change it.
    public let dataset: ExperimentDescription.Dataset
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
    /// Trials that earlier runs had finished when its last one began.
    let resumedTrialCount: Int
    public let progress: ExperimentProgress
    /// The best candidate so far, of those that are through; nil while there is none.
    public let best: BestCandidate?
    /// What became of its models; empty until it has succeeded.
    public let models: [PromotionDecision]

    /// What clients get to see of it.
    public var description: ExperimentDescription {
        ExperimentDescription(
            id: id, state: state, request: requestDescription, dataset: dataset, created: created.text, started: started?.text,
            finished: finished?.text, failure: failure, progress: progress, best: best, models: models)
    }
}

extension BestCandidate {
    init(_ row: SearchSpace.Row, meanAccuracy: Double) {
        self.init(classifier: row.candidate.classifier, params: row.params, meanTestScore: meanAccuracy)
    }
}

extension ExperimentUpdate.FinishedTrial {
    /// - Parameter number: of the candidate in the whole experiment, which in a later round of halving is not its number in the search.
    init(_ trial: Trial, row: SearchSpace.Row, number: Int) {
        let (score, error): (Double?, String?) =
            switch trial.outcome {
            case .succeeded(let success): (success.accuracy, nil)
            case .failed(let reason): (nil, reason)
            }
        self.init(
            candidate: number, classifier: row.candidate.classifier, params: row.params, fold: trial.fold, score: score, error: error)
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
