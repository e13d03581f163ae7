import Classifiers
import DigitAPI
import Digits
import ModelFiles
import ModelSelection

/// Makes the models of an experiment: refits the best candidate of each classifier on all rows, compares it with the model in service, and
/// decides whether it takes that one's place.
struct ModelMaker: Sendable {
    let experiment: ExperimentID
    let promotion: Promotion
    let allowsFewerClasses: Bool
    let foldKind: SearchReport.Folds.Kind
    /// Rows on which candidates were let go before the last round; they judge nothing.
    let rowsOfEarlierRounds: [Int]
    let trialRunner: TrialRunner
    let store: ExperimentStore
    let library: DatasetLibrary
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
        /// The model in service, of the same classifier or the one that answers where a request names none; nil where none is replaced.
        let incumbent: LoadedModel?

        var classifier: ClassifierName { candidate.classifier }
    }

    /// Fits and writes the models, and decides which of them are to serve. Nothing is in the database yet.
    ///
    /// - Parameter result: of the whole search.
    func models(of result: SearchResult) async throws -> [NewModel] {
        var winners: [Winner] = []
        for best in result.bestOfEachClassifier { winners.append(try await winner(best, of: result)) }
        let outcomes = try await comparisons(of: winners, in: result)
        let refits = try await refits(of: winners, in: result.search)
        var models: [NewModel] = []
        for winner in winners {
            let refit = refits[winner.result.candidate] ?? RefitResult(failure: "no worker did it", timing: nil)
            let comparison = comparison(of: winner, outcomes[winner.result.candidate], timing: refit.timing)
            models.append(model(winner, refit, evidence: try await evidence(of: winner, comparison, in: result.search), in: result.search))
        }
        return models
    }

    private func winner(_ best: CandidateResult, of result: SearchResult) async throws -> Winner {
        let candidate = result.search.space.rows[best.candidate].candidate
        let incumbent = promotion == .never ? nil : await registry.incumbent(of: candidate.classifier)
        return Winner(
            result: best, candidate: candidate, version: try store.nextVersion(of: candidate.classifier),
            crossValidation: TrainingProvenance.CrossValidation(best, folds: result.search.folds, foldKind: foldKind),
            incumbent: incumbent)
    }

    private func refits(of winners: [Winner], in search: GridSearch) async throws -> [Int: RefitResult] {
        let orders = winners.map { winner in
            RefitOrder(
                candidate: winner.result.candidate, crossValidation: winner.crossValidation,
                path: store.folder.modelPath(classifier: winner.classifier, version: winner.version),
                rival: contest(of: winner).map { RefitOrder.Rival($0.incumbent) })
        }
        return try await trialRunner.refits(orders, of: search)
    }

    /// What is to be measured of a winner; nil where nothing is: equal hyperparameters are equally accurate, and equally fast.
    private func contest(of winner: Winner) -> FreshComparison.Contest? {
        guard promotion == .ifBetter, let incumbent = winner.incumbent.map({ Candidate.of($0.model) }), incumbent != winner.candidate else {
            return nil
        }
        return FreshComparison.Contest(winner: winner.result, incumbent: incumbent)
    }

    /// Compares each winner that has an incumbent with it, on folds drawn anew.
    ///
    /// - Returns: by the number of the winner; none where the comparison could not be made.
    private func comparisons(of winners: [Winner], in result: SearchResult) async throws -> [Int: FreshComparison.Outcome] {
        let contests = winners.compactMap(contest)
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
        guard promotion == .ifBetter, let incumbent = winner.incumbent else { return nil }
        let version = incumbent.version.number
        if let outcome {
            return PromotionDecision.Comparison(
                classifier: incumbent.name, version: version, accuracy: outcome.incumbentAccuracy,
                meanDifference: outcome.test.meanDifference, standardError: outcome.test.standardError, pValue: outcome.test.twoSidedP,
                repeats: outcome.repeatCount, folds: outcome.foldCount, timing: timing)
        }
        guard winner.candidate == Candidate.of(incumbent.model) else { return nil }
        return PromotionDecision.Comparison(
            classifier: incumbent.name, version: version, accuracy: winner.crossValidation.accuracyMean, meanDifference: 0,
            standardError: 0, pValue: 1, repeats: 0, folds: 0, timing: nil)
    }

    /// What is known of a winner beside its incumbent. Where the comparison is in its favour and the incumbent was trained on other data, it is
    /// completed by one on that data.
    private func evidence(
        of winner: Winner, _ comparison: PromotionDecision.Comparison?, in search: GridSearch
    ) async throws -> PromotionEvidence {
        guard let incumbent = winner.incumbent else { return PromotionEvidence() }
        let digits = Set(search.dataset.classes)
        var evidence = PromotionEvidence(comparison: comparison, missingDigits: incumbent.model.classes.filter { !digits.contains($0) })
        let origin = incumbent.training.dataset
        guard let comparison, comparison.favoursNewModel, origin.sha256 != search.dataset.sha256 else { return evidence }
        do {
            let ground = try library.rows(sha256: origin.sha256, name: origin.name)
            evidence.comparison?.ground = try await measured(winner, incumbent, on: ground, in: search)
            if evidence.comparison?.ground == nil { evidence.groundFailure = "a trial on \(ground.name) failed" }
        } catch let error as WorkerError {
            throw error
        } catch {
            evidence.groundFailure = "\(error)"
        }
        return evidence
    }

    /// Nil where a trial failed.
    ///
    /// - Throws: as `GroundComparison.init`, `DatasetLibrary` and `WorkerPool.run`.
    private func measured(
        _ winner: Winner, _ incumbent: LoadedModel, on ground: DigitDataset, in search: GridSearch
    ) async throws -> PromotionDecision.Ground? {
        let comparison = try GroundComparison(
            winner.candidate, incumbent: Candidate.of(incumbent.model), rows: search.dataset, ground: ground, seed: search.seed)
        let path = try library.write(comparison.joined)
        defer { library.remove(path) }
        let joined = TrialRunner(pool: trialRunner.pool, datasetPath: path, onFailedAttempt: trialRunner.onFailedAttempt)
        func trials(_ part: GroundComparison.Part) async throws -> [Trial] {
            try await joined.trials(of: part.search, pending: part.pending, rows: part.rows)
        }
        let serving = try await trials(comparison.serving)
        var new: [[Trial]] = []
        for part in comparison.new { new.append(try await trials(part)) }
        return comparison.outcome(serving: serving, new: new)
    }

    private func model(
        _ winner: Winner, _ refit: RefitResult, evidence: PromotionEvidence, in search: GridSearch
    ) -> NewModel {
        let decision = PromotionDecision(
            winner.classifier, version: refit.failure == nil ? winner.version : nil, accuracy: winner.crossValidation.accuracyMean,
            promotion: promotion, allowsFewerClasses: allowsFewerClasses, evidence: evidence, failure: refit.failure)
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
