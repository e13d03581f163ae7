import DigitAPI
import ModelSelection

/// What the database has of an experiment's work, as the rounds of its plan: for the run that goes on from there, and for whoever asks for
/// the report of what there is.
struct CommittedExperiment: Sendable {
    let experiment: Experiment
    let plan: ExperimentPlan
    private let store: ExperimentStore

    init(_ experiment: Experiment, plan: ExperimentPlan, store: ExperimentStore) {
        self.experiment = experiment
        self.plan = plan
        self.store = store
    }

    /// Reads the rows that the experiment was made of, and makes its plan again.
    ///
    /// - Throws: `ExperimentsError.unreadableRequest`, and for rows that are gone or are others; as `ExperimentPlan.init`.
    init(_ experiment: Experiment, store: ExperimentStore, library: DatasetLibrary) throws {
        let request: ExperimentRequest
        do throws(ExperimentRequestError) {
            request = try experiment.request.get()
        } catch {
            throw ExperimentsError.unreadableRequest(experiment.id, error)
        }
        let dataset = try library.kept(sha256: experiment.dataset.sha256, name: experiment.dataset.name)
        self.init(experiment, plan: try ExperimentPlan(request, dataset: dataset), store: store)
    }

    /// The trials of a round that are committed, by candidate and then by fold.
    func trials(of round: ExperimentPlan.Round) throws -> [Trial] {
        let units = try store.units(of: experiment.id, round: round.number)
        return try JournalUnit.trials(of: units, search: round.search, file: "experiment \(experiment.id), round \(round.number)")
            .sorted { ($0.candidate, $0.fold) < ($1.candidate, $1.fold) }
    }

    /// All rounds, as far as they go.
    func rounds() throws -> [RoundResult] {
        var rounds: [RoundResult] = []
        while rounds.last?.isComplete ?? true, let round = try plan.round(after: rounds.last) {
            rounds.append(RoundResult(round: round, trials: try trials(of: round)))
        }
        return rounds
    }

    /// The report of all that is committed.
    ///
    /// - Parameters:
    ///   - decisions: what became of its models.
    ///   - runSeconds: how long it ran, beyond what the experiment itself says.
    func report(decisions: [PromotionDecision], workerCount: Int, runSeconds: Double = 0) throws -> [UInt8] {
        try ExperimentReport(
            plan, of: experiment.id, rounds: rounds(), decisions: decisions, workerCount: workerCount,
            runSeconds: experiment.runSeconds + runSeconds, resumedTrialCount: experiment.resumedTrialCount
        ).document()
    }
}
