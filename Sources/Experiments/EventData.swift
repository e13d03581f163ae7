import Classifiers
import JSONText
import ModelSelection

/// What events of each kind tell, as JSON in one line.
enum EventData {
    struct StateChange: Encodable {
        let state: ExperimentState
        @ExplicitNull var failure: String?
    }

    struct Trials: Encodable {
        let trials: [FinishedTrial]
        let progress: Experiment.Progress
        @ExplicitNull var best: Experiment.BestCandidate?
    }

    struct FinishedTrial: Encodable {
        let candidate: Int
        let classifier: ClassifierName
        let params: ParameterValues
        let fold: Int
        @ExplicitNull var score: Double?
        @ExplicitNull var error: String?

        /// - Parameter number: of the candidate in the whole experiment, which in a later round of halving is not its number in the search.
        init(_ trial: Trial, row: SearchSpace.Row, number: Int) {
            candidate = number
            classifier = row.candidate.classifier
            params = row.params
            fold = trial.fold
            switch trial.outcome {
            case .succeeded(let success):
                score = success.accuracy
                error = nil
            case .failed(let reason):
                score = nil
                error = reason
            }
        }
    }

    struct Notice: Encodable {
        let message: String
    }
}
