import DigitAPI
import ModelFiles
import ModelSelection

/// One experiment from where it stands to its end: rounds of trials, then models.
///
/// Every finished unit is committed before it counts, and what is committed is not done again: a run that is broken off at any moment and
/// begun again ends in the report that it would have had.
struct ExperimentRun: Sendable {
    let committed: CommittedExperiment
    let trialRunner: TrialRunner
    let store: ExperimentStore
    let library: DatasetLibrary
    let registry: ModelRegistry
    let feed: EventFeed

    private var id: ExperimentID { committed.experiment.id }
    private var plan: ExperimentPlan { committed.plan }
    private var workerCount: Int { trialRunner.pool.workerCount }

    /// Does what is left of it.
    ///
    /// - Returns: nil where it has succeeded and is written down; else why it has failed.
    /// - Throws: `WorkerError.cancelled` where the current task was cancelled; `ExperimentsError`, `WorkerError`.
    func perform(runSeconds: @Sendable () -> Double) async throws -> String? {
        var rounds: [RoundResult] = []
        while let round = try plan.round(after: rounds.last) {
            try store.setTrialCount(plan.trialCount(earlier: rounds, next: round), of: id)
            rounds.append(RoundResult(round: round, trials: try await trials(of: round)))
        }
        // Where every candidate of a round has failed, the rounds behind it do not come.
        try store.setTrialCount(plan.trialCount(earlier: rounds, next: nil), of: id)
        let result = ExperimentReport.result(of: plan, rounds: rounds)
        guard !result.bestOfEachClassifier.isEmpty else {
            let reason = rounds.last?.result.candidates.lazy.compactMap(\.failureReason).first
            return "no candidate could be measured on every fold: \(reason ?? "there were none")"
        }
        let maker = ModelMaker(
            experiment: id, promotion: plan.request.promote, allowsFewerClasses: plan.request.allowsFewerClasses, foldKind: plan.foldKind,
            rowsOfEarlierRounds: plan.rowsOfEarlierRounds, trialRunner: trialRunner, store: store, library: library, registry: registry)
        let models = try await maker.models(of: result)
        let decisions = models.map(\.decision)
        let report = ExperimentReport(
            plan, of: id, rounds: rounds, decisions: decisions, workerCount: workerCount,
            runSeconds: committed.experiment.runSeconds + runSeconds(), resumedTrialCount: committed.experiment.resumedTrialCount)
        let document = try report.document()
        let versions = models.compactMap(\.version)
        try await registry.adopt(versions) { () throws(ExperimentsError) -> [ModelChange] in
            try store.succeed(id, report: document, decisions: decisions, versions: versions, runSeconds: runSeconds())
        }
        feed.notify(id)
        return nil
    }

    /// The trials of a round: those that are committed, and the others once they are.
    private func trials(of round: ExperimentPlan.Round) async throws -> [Trial] {
        var trials = try committed.trials(of: round)
        let units = round.search.units(jobCount: workerCount, finished: trials)
        guard !units.isEmpty else { return trials }
        var leader = SearchLeader(search: round.search)
        _ = leader.leader(after: trials)
        var remaining = RemainingTime(search: round.search, jobCount: workerCount, finished: trials)
        try await trialRunner.run(units, of: round.search, rows: round.rows) { finished in
            trials += finished.trials
            let secondsLeft = remaining.secondsLeft(
                after: FinishedUnit(
                    classifier: round.search.space.rows[finished.unit.candidates[0]].candidate.classifier, trials: finished.trials,
                    seconds: finished.seconds, cost: finished.unit.cost, hasSuccessor: true))
            // Accuracies on some of the rows are no accuracies of the experiment.
            let best = round.rows == nil ? leader.leader(after: finished.trials) : nil
            try store.record(
                ExperimentStore.Advance(
                    round: round.number, trials: finished.trials,
                    best: best.map { BestCandidate($0.row, meanAccuracy: $0.meanAccuracy) },
                    secondsLeft: secondsLeft.map { ($0 * 10).rounded() / 10 },
                    events: finished.trials.map { ExperimentRun.event(of: $0, in: round) }),
                of: id)
            feed.notify(id)
        }
        return trials.sorted { ($0.candidate, $0.fold) < ($1.candidate, $1.fold) }
    }

    private static func event(of trial: Trial, in round: ExperimentPlan.Round) -> ExperimentUpdate.FinishedTrial {
        ExperimentUpdate.FinishedTrial(trial, row: round.search.space.rows[trial.candidate], number: round.candidates[trial.candidate])
    }
}
