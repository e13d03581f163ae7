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
        let incumbent: (model: ServedModel, path: String)?
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
        let answers = try await answersOfIncumbents(makings.compactMap(\.incumbent?.model))
        let refits = try await refits(of: makings)
        var decisions: [PromotionDecision] = []
        var versions: [ExperimentStore.NewVersion] = []
        for making in makings {
            let refit = refits[making.winner.candidate] ?? RefitResult(failure: "no worker did it", timing: nil)
            let decision = PromotionDecision(
                making.classifier, version: refit.failure == nil ? making.version : nil, accuracy: making.crossValidation.accuracyMean,
                promotion: promotion, comparison: comparison(of: making, refit, answers), failure: refit.failure)
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

    /// The out-of-fold answers of hyperparameters, on the folds of this experiment.
    private struct Answers {
        let digits: [UInt8]
        let accuracy: Double
    }

    /// Measures the hyperparameters of models in service on the folds of this experiment; what the search has measured already counts.
    private func answersOfIncumbents(_ models: [ServedModel]) async throws -> [Candidate: Answers] {
        let candidates = models.map { Candidate.of($0.model) }
        var answers: [Candidate: Answers] = [:]
        for (row, measured) in zip(result.search.space.rows, result.candidates) where candidates.contains(row.candidate) {
            answers[row.candidate] = ExperimentModels.answers(measured, of: result)
        }
        var unmeasured: [Candidate] = []
        for candidate in candidates where answers[candidate] == nil && !unmeasured.contains(candidate) { unmeasured.append(candidate) }
        guard !unmeasured.isEmpty else { return answers }
        let space = SearchSpace(rows: unmeasured.map { SearchSpace.Row(candidate: $0, params: $0.values) })
        let search = try GridSearch(
            space: space, dataset: result.search.dataset, folds: result.search.folds, seed: result.search.seed)
        let measured = SearchResult(search: search, trials: try await run.trials(of: search))
        for (candidate, result) in zip(unmeasured, measured.candidates) {
            answers[candidate] = ExperimentModels.answers(result, of: measured)
        }
        return answers
    }

    private static func answers(_ candidate: CandidateResult, of result: SearchResult) -> Answers? {
        guard let digits = candidate.outOfFoldAnswers(folds: result.search.folds), let accuracy = candidate.meanAccuracy else { return nil }
        return Answers(digits: digits, accuracy: accuracy)
    }

    private func comparison(
        of making: Making, _ refit: RefitResult, _ answers: [Candidate: Answers]
    ) -> PromotionDecision.Comparison? {
        guard let incumbent = making.incumbent?.model, let serving = answers[Candidate.of(incumbent.model)],
            let new = ExperimentModels.answers(making.winner, of: result)
        else { return nil }
        let test = McNemarTest(truth: result.search.dataset.labels, first: new.digits, second: serving.digits)
        return PromotionDecision.Comparison(
            classifier: incumbent.name, version: incumbent.version, accuracy: serving.accuracy, onlyNewCorrect: test.onlyFirstCount,
            onlyServingCorrect: test.onlySecondCount, pValue: test.oneSidedP, timing: refit.timing)
    }
}

extension Candidate {
    /// The hyperparameters of a model.
    fileprivate static func of<Model: ClassifierModel>(_ model: Model) -> Candidate { Candidate(model.parameters) }
}
