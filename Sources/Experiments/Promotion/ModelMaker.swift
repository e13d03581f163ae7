import Classifiers
import DigitAPI
import ModelFiles
import ModelSelection

/// Makes the models of an experiment: refits the best candidate of each classifier on all rows, compares it with the model in service, and
/// decides whether it takes that one's place.
struct ModelMaker: Sendable {
    let experiment: ExperimentID
    let promotion: Promotion
    let foldKind: SearchReport.Folds.Kind
    /// Rows on which candidates were let go before the last round; they judge nothing.
    let rowsOfEarlierRounds: [Int]
    let trialRunner: TrialRunner
    let store: ExperimentStore
    let registry: ModelRegistry

    /// What became of the best candidate of a classifier.
    struct NewModel {
        let decision: PromotionDecision
        /// Its document is written; nil where it could not be refitted.
        let version: ExperimentStore.NewVersion?
    }

    /// A winner with the number that its version gets, and the model that it has to beat.
    private struct Winner {
        let result: CandidateResult
        let candidate: Candidate
        let version: Int
        let crossValidation: TrainingProvenance.CrossValidation
        /// Nil where nothing is compared.
        let incumbent: Incumbent?

        var classifier: ClassifierName { candidate.classifier }
    }

    private struct Incumbent {
        let model: LoadedModel
        let path: String

        var candidate: Candidate { Candidate.of(model.model) }
    }

    /// Fits and writes the models, and decides which of them are to serve. Nothing is in the database yet.
    ///
    /// - Parameter result: of the whole search.
    func models(of result: SearchResult) async throws -> [NewModel] {
        var winners: [Winner] = []
        for best in result.bestOfEachClassifier { winners.append(try await winner(best, of: result)) }
        let outcomes = try await comparisons(of: winners, in: result)
        let refits = try await refits(of: winners, in: result.search)
        return winners.map { winner in
            let refit = refits[winner.result.candidate] ?? RefitResult(failure: "no worker did it", timing: nil)
            return model(
                winner, refit, comparison: comparison(of: winner, outcomes[winner.result.candidate], timing: refit.timing),
                in: result.search)
        }
    }

    private func winner(_ best: CandidateResult, of result: SearchResult) async throws -> Winner {
        let candidate = result.search.space.rows[best.candidate].candidate
        let incumbent = promotion == .ifBetter ? await registry.incumbent(of: candidate.classifier) : nil
        return Winner(
            result: best, candidate: candidate, version: try store.nextVersion(of: candidate.classifier),
            crossValidation: TrainingProvenance.CrossValidation(best, folds: result.search.folds),
            incumbent: incumbent.map { Incumbent(model: $0.model, path: $0.path) })
    }

    private func refits(of winners: [Winner], in search: GridSearch) async throws -> [Int: RefitResult] {
        let orders = winners.map { winner in
            RefitOrder(
                candidate: winner.result.candidate, crossValidation: winner.crossValidation,
                path: store.folder.modelPath(classifier: winner.classifier, version: winner.version), rivalPath: winner.incumbent?.path)
        }
        return try await trialRunner.refits(orders, of: search)
    }

    /// Compares each winner that has an incumbent with it, on folds drawn anew. Equal hyperparameters are equally accurate: nothing is measured.
    ///
    /// - Returns: by the number of the winner; none where the comparison could not be made.
    private func comparisons(of winners: [Winner], in result: SearchResult) async throws -> [Int: FreshComparison.Outcome] {
        let contests = winners.compactMap { winner -> FreshComparison.Contest? in
            guard let incumbent = winner.incumbent?.candidate, incumbent != winner.candidate else { return nil }
            return FreshComparison.Contest(winner: winner.result, incumbent: incumbent)
        }
        guard !contests.isEmpty, let folds = try? ComparisonFolds(of: result.search, kind: foldKind) else { return [:] }
        let comparison = try FreshComparison(contests, result: result, folds: folds, usedRows: rowsOfEarlierRounds)
        var trials: [[Trial]] = []
        // Nothing of it is kept: when a run that was broken off is begun again, other models may be in service.
        for planned in comparison.repeats { trials.append(try await trialRunner.trials(of: planned.search, pending: planned.pending)) }
        var outcomes: [Int: FreshComparison.Outcome] = [:]
        for (contest, outcome) in zip(contests, comparison.outcomes(of: trials)) { outcomes[contest.winner.candidate] = outcome }
        return outcomes
    }

    private func comparison(
        of winner: Winner, _ outcome: FreshComparison.Outcome?, timing: PredictionTiming?
    ) -> PromotionDecision.Comparison? {
        guard let incumbent = winner.incumbent else { return nil }
        let version = incumbent.model.version.number
        if let outcome {
            return PromotionDecision.Comparison(
                classifier: incumbent.model.name, version: version, accuracy: outcome.incumbentAccuracy,
                meanDifference: outcome.test.meanDifference, standardError: outcome.test.standardError, pValue: outcome.test.twoSidedP,
                repeats: outcome.repeatCount, folds: outcome.foldCount, timing: timing)
        }
        guard winner.candidate == incumbent.candidate else { return nil }
        return PromotionDecision.Comparison(
            classifier: incumbent.model.name, version: version, accuracy: winner.crossValidation.accuracyMean, meanDifference: 0,
            standardError: 0, pValue: 1, repeats: 0, folds: 0, timing: timing)
    }

    private func model(
        _ winner: Winner, _ refit: RefitResult, comparison: PromotionDecision.Comparison?, in search: GridSearch
    ) -> NewModel {
        let decision = PromotionDecision(
            winner.classifier, version: refit.failure == nil ? winner.version : nil, accuracy: winner.crossValidation.accuracyMean,
            promotion: promotion, comparison: comparison, failure: refit.failure)
        let version = decision.version.map { number in
            ExperimentStore.NewVersion(
                classifier: winner.classifier, version: number,
                provenance: TrainingProvenance(
                    dataset: SearchReport.Dataset(search.dataset), seed: search.seed, crossValidation: winner.crossValidation),
                promotion: decision.promoted ? "experiment \(experiment): \(decision.decision)" : nil)
        }
        return NewModel(decision: decision, version: version)
    }
}

extension Candidate {
    /// The hyperparameters of a model.
    fileprivate static func of<Model: ClassifierModel>(_ model: Model) -> Candidate { Candidate(model.parameters) }
}
