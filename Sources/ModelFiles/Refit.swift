import Classifiers
import ModelSelection

extension ModelDocument {
    /// Trains the winner of a search on all rows of its data set, with the search's seed, and records where it comes from.
    ///
    /// - Parameter winner: a candidate of `result` that succeeded on every fold.
    /// - Throws: the `TrainingError` of the fit.
    public init(refitting winner: CandidateResult, of result: SearchResult) throws(TrainingError) {
        let search = result.search
        let parameters = search.space.rows[winner.candidate].candidate.parameters
        let model: any ClassifierModel = try ModelDocument.fit(parameters, of: search)
        self.init(
            model: model,
            training: TrainingProvenance(
                dataset: SearchReport.Dataset(search.dataset),
                seed: search.seed,
                crossValidation: TrainingProvenance.CrossValidation(
                    folds: search.folds.foldCount,
                    accuracyMean: winner.meanAccuracy ?? 0,
                    accuracyStandardDeviation: winner.standardDeviation ?? 0)))
    }

    private static func fit<Parameters: ClassifierParameters>(
        _ parameters: Parameters, of search: GridSearch
    ) throws(TrainingError) -> any ClassifierModel {
        try parameters.fit(search.dataset, rows: Array(0..<search.dataset.count), seed: search.seed)
    }
}
