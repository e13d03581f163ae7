import Classifiers
import ModelFiles
import ModelSelection

/// The models that come of an experiment: the best candidate of each classifier refitted on all rows, and which of them serve.
struct ExperimentModels {
    let run: ExperimentRun
    /// Of the whole search.
    let result: SearchResult
    /// The best candidate of each classifier, best first.
    let winners: [CandidateResult]

    private var promotion: ExperimentRequest.Promotion { run.plan.request.promote }

    /// A winner on its way to become a version.
    private struct Making {
        let winner: CandidateResult
        let classifier: ClassifierName
        let version: Int
        let crossValidation: TrainingProvenance.CrossValidation
        let incumbent: (model: LoadedModel, path: String)?
    }

    /// Fits and writes the models, and decides which of them serve. Nothing is in the database yet.
    func made() async throws -> (decisions: [PromotionDecision], versions: [ExperimentStore.NewVersion]) {
        var makings: [Making] = []
        for winner in winners {
            let classifier = result.search.space.rows[winner.candidate].candidate.classifier
            makings.append(
                Making(
                    winner: winner, classifier: classifier, version: try run.store.nextVersion(of: classifier),
                    crossValidation: TrainingProvenance.CrossValidation(winner, folds: result.search.folds),
                    incumbent: promotion == .ifBetter ? await run.registry.incumbent(of: classifier) : nil))
        }
        let outcomes = try await comparisons(of: makings)
        let refits = try await refits(of: makings)
        var decisions: [PromotionDecision] = []
        var versions: [ExperimentStore.NewVersion] = []
        for making in makings {
            let refit = refits[making.winner.candidate] ?? RefitResult(failure: "no worker did it", timing: nil)
            let decision = PromotionDecision(
                making.classifier, version: refit.failure == nil ? making.version : nil, accuracy: making.crossValidation.accuracyMean,
                promotion: promotion, comparison: comparison(of: making, refit, outcomes), failure: refit.failure)
            decisions.append(decision)
            guard let version = decision.version else { continue }
            versions.append(
                ExperimentStore.NewVersion(
                    classifier: making.classifier, version: version,
                    provenance: TrainingProvenance(
                        dataset: SearchReport.Dataset(result.search.dataset), seed: result.search.seed,
                        crossValidation: making.crossValidation),
                    promotion: decision.promoted ? "experiment \(run.experiment.id): \(decision.decision)" : nil))
        }
        return (decisions, versions)
    }

    private func refits(of makings: [Making]) async throws -> [Int: RefitResult] {
        let orders = makings.map { making in
            WorkerOrder.refit(
                RefitOrder(
                    candidate: making.winner.candidate, crossValidation: making.crossValidation,
                    path: run.store.folder.modelPath(classifier: making.classifier, version: making.version),
                    rivalPath: making.incumbent?.path))
        }
        var results: [Int: RefitResult] = [:]
        let definition = WorkerSearch(result.search, datasetPath: run.datasetPath)
        try await run.pool.run(definition, of: result.search, orders: orders) { outcome in
            guard case .refit(let order) = outcome.order else { return }
            switch outcome.result {
            case .refit(let result): results[order.candidate] = result
            case .lost(let cause): results[order.candidate] = RefitResult(failure: cause, timing: nil)
            case .trials: break
            }
        }
        return results
    }

    /// Compares each winner that has an incumbent with it, on folds drawn anew. Equal hyperparameters are equally accurate: nothing is measured.
    ///
    /// - Returns: by the number of the winner; none where the comparison could not be made.
    private func comparisons(of makings: [Making]) async throws -> [Int: FreshComparison.Outcome] {
        let contests = makings.compactMap { making -> FreshComparison.Contest? in
            guard let model = making.incumbent?.model.model else { return nil }
            let incumbent = Candidate.of(model)
            guard incumbent != result.search.space.rows[making.winner.candidate].candidate else { return nil }
            return FreshComparison.Contest(winner: making.winner, incumbent: incumbent)
        }
        guard !contests.isEmpty, let folds = try? ComparisonFolds(of: result.search, kind: run.plan.foldKind) else { return [:] }
        let comparison = try FreshComparison(contests, result: result, folds: folds, usedRows: run.plan.rowsOfEarlierRounds)
        var trials: [[Trial]] = []
        for planned in comparison.repeats { trials.append(try await run.trials(of: planned.search, pending: planned.pending)) }
        var outcomes: [Int: FreshComparison.Outcome] = [:]
        for (contest, outcome) in zip(contests, comparison.outcomes(of: trials)) { outcomes[contest.winner.candidate] = outcome }
        return outcomes
    }

    private func comparison(
        of making: Making, _ refit: RefitResult, _ outcomes: [Int: FreshComparison.Outcome]
    ) -> PromotionDecision.Comparison? {
        guard let incumbent = making.incumbent?.model else { return nil }
        if let outcome = outcomes[making.winner.candidate] {
            return PromotionDecision.Comparison(
                classifier: incumbent.name, version: incumbent.version.number, accuracy: outcome.incumbentAccuracy,
                meanDifference: outcome.test.meanDifference, standardError: outcome.test.standardError, pValue: outcome.test.twoSidedP,
                repeats: outcome.repeatCount, folds: outcome.foldCount, timing: refit.timing)
        }
        guard result.search.space.rows[making.winner.candidate].candidate == Candidate.of(incumbent.model) else { return nil }
        return PromotionDecision.Comparison(
            classifier: incumbent.name, version: incumbent.version.number, accuracy: making.crossValidation.accuracyMean, meanDifference: 0,
            standardError: 0, pValue: 1, repeats: 0, folds: 0, timing: refit.timing)
    }
}

extension Candidate {
    /// The hyperparameters of a model.
    fileprivate static func of<Model: ClassifierModel>(_ model: Model) -> Candidate { Candidate(model.parameters) }
}
