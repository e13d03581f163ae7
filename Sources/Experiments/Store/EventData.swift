import Classifiers
import ModelSelection

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

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

/// Values that are kept as JSON in one line.
enum StoredJSON {
    /// - Throws: `ExperimentsError.databaseFailed` for a number that is not finite, of which there are none in what is stored.
    static func text(of value: some Encodable) throws(ExperimentsError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw .databaseFailed(reason: "\(error)")
        }
    }

    /// - Throws: `ExperimentsError.databaseFailed` for what this digitd has not written.
    static func value<Value: Decodable>(_ type: Value.Type, of text: String) throws(ExperimentsError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw .databaseFailed(reason: "\(error)")
        }
    }
}
