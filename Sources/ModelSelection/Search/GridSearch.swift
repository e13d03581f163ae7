import Classifiers
import Digits

/// A cross-validated search: every candidate on every fold, and the best of each classifier refitted on all rows.
///
/// Candidates that share work (a kernel matrix, a forest's first trees) are evaluated together, one unit a (group, fold). That is an
/// optimisation only: the trials are those of fitting each candidate alone, and they depend neither on the number of jobs nor on
/// the order of the units. Only their seconds do: work that the candidates of a unit share counts as an equal part for each.
public struct GridSearch: Sendable {
    public let space: SearchSpace
    public let dataset: DigitDataset
    public let folds: FoldAssignment
    /// Decides everything that is random in training; fold f trains with a seed drawn from it for f.
    public let seed: UInt64

    private let groups: [[Int]]

    /// - Throws: `SearchError.foldRowCount` where the folds are of another number of rows.
    public init(space: SearchSpace, dataset: DigitDataset, folds: FoldAssignment, seed: UInt64) throws(SearchError) {
        guard folds.foldOfRow.count == dataset.count else {
            throw .foldRowCount(found: folds.foldOfRow.count, expected: dataset.count)
        }
        self.space = space
        self.dataset = dataset
        self.folds = folds
        self.seed = seed
        var groupOfSharing: [Candidate.Sharing: Int] = [:]
        var groups: [[Int]] = []
        for (index, row) in space.rows.enumerated() {
            let sharing = row.candidate.sharing
            if let group = groupOfSharing[sharing] {
                groups[group].append(index)
            } else {
                groupOfSharing[sharing] = groups.count
                groups.append([index])
            }
        }
        self.groups = groups
    }

    /// Trials that the whole search has: candidates times folds.
    public var trialCount: Int { space.rows.count * folds.foldCount }

    /// Runs all trials on `jobCount` tasks, the longest units first.
    ///
    /// - Parameters:
    ///   - finished: trials of an earlier run of this search, which do not run again.
    ///   - onFinishedUnit: called by the current task with each unit when it is finished, never after a cancellation. What it throws
    ///     ends the search.
    /// - Returns: all trials, by candidate and then by fold, those that had finished before among them.
    /// - Throws: `SearchError.cancelled` where the current task was cancelled; what `onFinishedUnit` throws.
    public func run(
        jobCount: Int, finished earlier: [Trial] = [], onFinishedUnit: (FinishedUnit) throws(SearchError) -> Void = { _ in }
    ) async throws(SearchError) -> [Trial] {
        precondition(jobCount >= 1, "a search needs at least one job")
        let units = units(jobCount: jobCount, finished: earlier)
        var trials = earlier
        trials.reserveCapacity(trialCount)
        var failure: SearchError?
        await withTaskGroup(of: (unit: SearchUnit, trials: [Trial], seconds: Double).self) { tasks in
            func start(_ unit: SearchUnit) {
                tasks.addTask {
                    let clock = ContinuousClock()
                    let start = clock.now
                    let trials = self.trials(of: unit)
                    return (unit, trials, (clock.now - start).seconds)
                }
            }
            var startedCount = min(jobCount, units.count)
            for unit in units.prefix(startedCount) { start(unit) }
            while let finished = await tasks.next() {
                guard !Task.isCancelled, failure == nil else { continue }
                // The next unit starts before this one is taken in, so that no job waits for it.
                let hasSuccessor = startedCount < units.count
                if hasSuccessor {
                    start(units[startedCount])
                    startedCount += 1
                }
                trials += finished.trials
                do throws(SearchError) {
                    try onFinishedUnit(
                        FinishedUnit(
                            classifier: space.rows[finished.unit.candidates[0]].candidate.classifier, trials: finished.trials,
                            seconds: finished.seconds, cost: finished.unit.cost, hasSuccessor: hasSuccessor))
                } catch {
                    failure = error
                    tasks.cancelAll()
                }
            }
        }
        if let failure { throw failure }
        if Task.isCancelled { throw .cancelled }
        return trials.sorted { ($0.candidate, $0.fold) < ($1.candidate, $1.fold) }
    }

    /// The work of the trials that have not finished, the longest units first.
    ///
    /// - Parameter jobCount: how many units will be done side by side.
    public func units(jobCount: Int, finished: [Trial] = []) -> [SearchUnit] {
        schedule(jobCount: jobCount, finished: finished).units
    }

    /// The work of some trials, the longest units first.
    ///
    /// - Parameters:
    ///   - jobCount: how many units will be done side by side.
    ///   - pending: the numbers of the candidates that each fold measures.
    public func units(jobCount: Int, pending: [Set<Int>]) -> [SearchUnit] {
        schedule(jobCount: jobCount, pending: pending).units
    }

    func schedule(jobCount: Int, finished: [Trial]) -> SearchSchedule {
        var pending = [Set<Int>](repeating: Set(space.rows.indices), count: folds.foldCount)
        for trial in finished { pending[trial.fold].remove(trial.candidate) }
        return schedule(jobCount: jobCount, pending: pending)
    }

    private func schedule(jobCount: Int, pending: [Set<Int>]) -> SearchSchedule {
        SearchSchedule(groups: groups, pending: pending, jobCount: jobCount) { candidates, fold in
            GridSearch.cost(
                of: candidates.map { space.rows[$0].candidate.parameters }, rowCount: dataset.count - folds.testRowCount(fold: fold))
        }
    }

    private func split(fold: Int) -> TrainTestSplit {
        var seeds = RandomStream(seed: seed, purpose: .foldSeeds, index: fold)
        return TrainTestSplit(
            trainingRows: folds.trainingRows(fold: fold), testRows: folds.testRows(fold: fold), seed: seeds.next())
    }

    /// Does one unit's work: a trial for each of its candidates.
    ///
    /// - Precondition: the unit is of this search.
    public func trials(of unit: SearchUnit) -> [Trial] {
        let split = split(fold: unit.fold)
        let outcomes = GridSearch.outcomes(
            of: unit.candidates.map { space.rows[$0].candidate.parameters }, in: EvaluationContext(dataset: dataset), split: split)
        return zip(unit.candidates, outcomes).map { candidate, outcome in
            switch outcome.predictions {
            case .success(let predictions):
                return Trial(
                    candidate: candidate, fold: unit.fold,
                    outcome: .succeeded(
                        Trial.Success(
                            predictions: predictions.digits, truth: split.testRows.map { dataset.labels[$0] },
                            fitSeconds: outcome.fitDuration.seconds, scoreSeconds: outcome.scoreDuration.seconds,
                            hasConverged: predictions.hasConverged)))
            case .failure(let error):
                return Trial(candidate: candidate, fold: unit.fold, outcome: .failed(reason: "\(error)"))
            }
        }
    }

    private static func outcomes(
        of group: [any ClassifierParameters], in context: EvaluationContext, split: TrainTestSplit
    ) -> [FoldOutcome] {
        func evaluate<Parameters: ClassifierParameters>(_ first: Parameters) -> [FoldOutcome] {
            Parameters.evaluate(group.compactMap { $0 as? Parameters }, in: context, split: split)
        }
        guard let first = group.first else { return [] }
        return evaluate(first)
    }

    private static func cost(of group: [any ClassifierParameters], rowCount: Int) -> Double {
        func cost<Parameters: ClassifierParameters>(_ first: Parameters) -> Double {
            Parameters.evaluationCost(of: group.compactMap { $0 as? Parameters }, rowCount: rowCount)
        }
        guard let first = group.first else { return 0 }
        return cost(first)
    }
}
