import Classifiers
import DigitAPI
import Files
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
    /// The document of a model whose predictions are to be timed beside the new one's; nil where they are not.
    public let rivalPath: String?

    /// Does it, in the process of a worker.
    func carriedOut(in search: GridSearch) -> RefitResult {
        guard search.space.rows.indices.contains(candidate) else {
            return RefitResult(failure: "there is no candidate \(candidate)", timing: nil)
        }
        do {
            let document = try ModelDocument(
                refitting: search.space.rows[candidate].candidate, of: search, crossValidation: crossValidation)
            try document.write(to: path)
            // A model in service whose document is gone or bad costs the comparison, and not the model that was just made.
            guard let rivalPath, let bytes = try? FileBytes.read(rivalPath), let rival = try? ModelDocument(bytes: bytes, file: rivalPath)
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
