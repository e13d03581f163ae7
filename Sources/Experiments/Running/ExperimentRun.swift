import Classifiers
import Digits
import ModelFiles
import ModelSelection

/// One experiment from where it stands to its end: rounds of trials, then models.
///
/// Every finished unit is committed before it counts, and what is committed is not done again: a run that is broken off at any moment and
/// begun again ends in the report that it would have had.
struct ExperimentRun: Sendable {
    let experiment: Experiment
    let plan: ExperimentPlan
    let datasetPath: String
    let store: ExperimentStore
    let registry: ModelRegistry
    let feed: EventFeed
    let pool: WorkerPool

    private var id: ExperimentID { experiment.id }

    /// Does what is left of it.
    ///
    /// - Returns: nil where it has succeeded and is written down; else why it has failed.
    /// - Throws: `WorkerError.cancelled` where the current task was cancelled; `ExperimentsError`, `WorkerError`.
    func perform(runSeconds: @Sendable () -> Double) async throws -> String? {
        var rounds: [RoundResult] = []
        while let round = try plan.round(after: rounds.last) {
            rounds.append(RoundResult(round: round, trials: try await trials(of: round)))
        }
        let result = ExperimentReport.result(of: plan, rounds: rounds)
        let winners = result.bestOfEachClassifier
        guard !winners.isEmpty else {
            let reason = rounds.last?.result.candidates.lazy.compactMap(\.failureReason).first
            return "no candidate could be measured on every fold: \(reason ?? "there were none")"
        }
        let models = ExperimentModels(run: self, result: result, winners: winners)
        let (decisions, versions) = try await models.made()
        let report = ExperimentReport(
            plan, of: id, rounds: rounds, decisions: decisions, workerCount: pool.workerCount,
            runSeconds: experiment.runSeconds + runSeconds())
        let document = try report.document()
        try await registry.adopt(versions) { () throws(ExperimentsError) in
            try store.succeed(id, report: document, decisions: decisions, versions: versions, runSeconds: runSeconds())
        }
        await feed.notify(id)
        return nil
    }

    /// The trials of a round: those that are committed, and the others once they are.
    func trials(of round: ExperimentPlan.Round) async throws -> [Trial] {
        var trials = try ExperimentRun.committedTrials(of: round, experiment: id, store: store)
        let units = round.search.units(jobCount: pool.workerCount, finished: trials)
        guard !units.isEmpty else { return trials }
        var leader = SearchLeader(search: round.search)
        _ = leader.leader(after: trials)
        var remaining = RemainingTime(search: round.search, jobCount: pool.workerCount, finished: trials)
        let definition = WorkerSearch(round.search, datasetPath: datasetPath, rows: round.rows)
        try await pool.run(definition, of: round.search, orders: units.map { .trials(of: $0) }) { outcome in
            guard case .trials(let unit) = outcome.order else { return }
            let finished = outcome.trials(of: unit)
            trials += finished
            let secondsLeft = remaining.secondsLeft(
                after: FinishedUnit(
                    classifier: round.search.space.rows[unit.candidates[0]].candidate.classifier, trials: finished,
                    seconds: outcome.seconds, cost: unit.cost, hasSuccessor: true))
            // Accuracies on some of the rows are no accuracies of the experiment.
            let best = round.rows == nil ? leader.leader(after: finished) : nil
            try store.record(
                ExperimentStore.Advance(
                    round: round.number, trials: finished,
                    best: best.map { Experiment.BestCandidate($0.row, meanAccuracy: $0.meanAccuracy) },
                    secondsLeft: secondsLeft.map { ($0 * 10).rounded() / 10 }, told: finished.map { told($0, in: round) }),
                of: id)
            await feed.notify(id)
        }
        return trials.sorted { ($0.candidate, $0.fold) < ($1.candidate, $1.fold) }
    }

    /// The trials of a search that is not the experiment's own, such as of the models in service: nothing of it is kept, for when a run that
    /// was broken off is begun again, other models may be in service.
    ///
    /// - Parameter pending: the numbers of the candidates that each fold measures.
    func trials(of search: GridSearch, pending: [Set<Int>]) async throws -> [Trial] {
        var trials: [Trial] = []
        let orders = search.units(jobCount: pool.workerCount, pending: pending).map { WorkerOrder.trials(of: $0) }
        try await pool.run(WorkerSearch(search, datasetPath: datasetPath), of: search, orders: orders) { outcome in
            guard case .trials(let unit) = outcome.order else { return }
            trials += outcome.trials(of: unit)
        }
        return trials
    }

    /// The trials of a round that are committed, by candidate and then by fold.
    static func committedTrials(
        of round: ExperimentPlan.Round, experiment id: ExperimentID, store: ExperimentStore
    ) throws -> [Trial] {
        let units = try store.units(of: id, round: round.number)
        return try JournalUnit.trials(of: units, search: round.search, file: "experiment \(id), round \(round.number)")
            .sorted { ($0.candidate, $0.fold) < ($1.candidate, $1.fold) }
    }

    /// What is committed of all rounds, as far as it goes.
    static func committedRounds(of plan: ExperimentPlan, experiment id: ExperimentID, store: ExperimentStore) throws -> [RoundResult] {
        var rounds: [RoundResult] = []
        while rounds.last?.isComplete ?? true, let round = try plan.round(after: rounds.last) {
            rounds.append(RoundResult(round: round, trials: try committedTrials(of: round, experiment: id, store: store)))
        }
        return rounds
    }

    private func told(_ trial: Trial, in round: ExperimentPlan.Round) -> EventData.FinishedTrial {
        EventData.FinishedTrial(trial, row: round.search.space.rows[trial.candidate], number: round.candidates[trial.candidate])
    }
}
