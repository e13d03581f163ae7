import Classifiers
import Digits
import ModelSelection

extension ModelDocument {
    /// Trains the winner of a search on all rows of its data set, with the search's seed, and records where it comes from.
    ///
    /// - Parameters:
    ///   - winner: a candidate of `result` that succeeded on every fold.
    ///   - foldKind: how the folds of the search came about.
    /// - Throws: the `TrainingError` of the fit.
    public init(
        refitting winner: CandidateResult, of result: SearchResult, foldKind: SearchReport.Folds.Kind
    ) throws(TrainingError) {
        try self.init(
            refitting: result.search.space.rows[winner.candidate].candidate, of: result.search,
            crossValidation: TrainingProvenance.CrossValidation(winner, folds: result.search.folds, foldKind: foldKind))
    }

    /// As `init(refitting:of:foldKind:)`, of a candidate whose cross-validation is known.
    public init(
        refitting candidate: Candidate, of search: GridSearch, crossValidation: TrainingProvenance.CrossValidation
    ) throws(TrainingError) {
        self.init(
            model: try ModelDocument.fit(candidate.parameters, of: search),
            training: TrainingProvenance(
                dataset: SearchReport.Dataset(search.dataset), seed: search.seed, crossValidation: crossValidation))
    }

    private static func fit<Parameters: ClassifierParameters>(
        _ parameters: Parameters, of search: GridSearch
    ) throws(TrainingError) -> any ClassifierModel {
        try parameters.fit(search.dataset, rows: Array(0..<search.dataset.count), seed: search.seed)
    }
}

extension TrainingProvenance.CrossValidation {
    /// - Parameter result: of a candidate that succeeded on every fold.
    public init(_ result: CandidateResult, folds: FoldAssignment, foldKind: SearchReport.Folds.Kind) {
        self.init(
            folds: folds.foldCount, accuracyMean: result.meanAccuracy ?? 0, accuracyStandardDeviation: result.standardDeviation ?? 0,
            foldKind: foldKind, foldsSHA256: foldKind == .file ? folds.sha256 : nil)
    }
}
