import Classifiers
import DigitAPI
import ModelFiles
import ModelSelection

/// Training a candidate on all rows and writing it as a model document: what a search is for.
public struct RefitOrder: Codable, Hashable, Sendable {
    /// Number of the candidate in the search.
    public let candidate: Int
    /// What the search found of it.
    public let crossValidation: TrainingProvenance.CrossValidation
    /// Where the document goes.
    public let path: String
    /// The hyperparameters of the model in service, which are fitted on the same rows, so that predictions of both can be timed; nil where
    /// they are not.
    public let rival: Rival?

    /// A classifier with all its hyperparameters.
    public struct Rival: Codable, Hashable, Sendable {
        public let classifier: ClassifierName
        public let params: ParameterValues

        init(_ candidate: Candidate) {
            classifier = candidate.classifier
            params = candidate.values
        }
    }

    /// Does it, in the process of a worker.
    func carriedOut(in search: GridSearch) -> RefitResult {
        guard search.space.rows.indices.contains(candidate) else {
            return RefitResult(failure: "there is no candidate \(candidate)", timing: nil)
        }
        do {
            let document = try ModelDocument(
                refitting: search.space.rows[candidate].candidate, of: search, crossValidation: crossValidation)
            try document.write(to: path)
            // Hyperparameters in service that cannot be fitted here cost the comparison, and not the model that was just made.
            guard let rival = try? self.rival.map({ try Candidate(classifier: $0.classifier, values: $0.params) }),
                let rival = try? ModelDocument(refitting: rival, of: search, crossValidation: crossValidation)
            else { return RefitResult(failure: nil, timing: nil) }
            return RefitResult(
                failure: nil, timing: PredictionTiming(of: document.model, beside: rival.model, on: search.dataset.bitmaps))
        } catch {
            return RefitResult(failure: "\(error)", timing: nil)
        }
    }
}

/// What came of a refit.
public struct RefitResult: Codable, Hashable, Sendable {
    /// Why there is no document; nil where there is one.
    public let failure: String?
    /// Nil where nothing was to be compared, or could be.
    public let timing: PredictionTiming?
}
