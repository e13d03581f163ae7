import Classifiers
import Digits

/// A cross-validated search: every candidate on every fold, and the best of each classifier refitted on all rows.
///
/// Candidates that share work (a kernel matrix, a forest's first trees) are evaluated together, one unit a (group, fold). That is an
/// optimisation only: the trials are those of fitting each candidate alone, and they depend neither on the number of jobs nor on
/// the order of the units.
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

    /// Runs all trials on `jobCount` tasks.
    ///
    /// - Parameter onFinishedTrials: called by the current task with the trials of each unit when it is finished.
    /// - Returns: all trials, by candidate and then by fold.
    /// - Throws: `SearchError.cancelled` where the current task was cancelled.
    public func run(jobCount: Int, onFinishedTrials: @escaping @Sendable ([Trial]) -> Void = { _ in }) async throws(SearchError) -> [Trial]
    {
        precondition(jobCount >= 1, "a search needs at least one job")
        let context = EvaluationContext(dataset: dataset)
        let splits = (0..<folds.foldCount).map(split(fold:))
        let unitCount = groups.count * splits.count
        var finished: [Trial] = []
        finished.reserveCapacity(trialCount)
        await withTaskGroup(of: [Trial].self) { tasks in
            // Folds vary fastest: the units of one expensive group spread over the jobs.
            func start(unit: Int) {
                let (group, fold) = unit.quotientAndRemainder(dividingBy: splits.count)
                tasks.addTask { evaluate(groups[group], fold: fold, split: splits[fold], in: context) }
            }
            var startedCount = min(jobCount, unitCount)
            for unit in 0..<startedCount { start(unit: unit) }
            while let trials = await tasks.next() {
                finished += trials
                onFinishedTrials(trials)
                guard startedCount < unitCount, !Task.isCancelled else { continue }
                start(unit: startedCount)
                startedCount += 1
            }
        }
        if Task.isCancelled { throw .cancelled }
        return finished.sorted { ($0.candidate, $0.fold) < ($1.candidate, $1.fold) }
    }

    private func split(fold: Int) -> TrainTestSplit {
        var seeds = RandomStream(seed: seed, purpose: .foldSeeds, index: fold)
        return TrainTestSplit(
            trainingRows: folds.trainingRows(fold: fold), testRows: folds.testRows(fold: fold), seed: seeds.next())
    }

    private func evaluate(_ group: [Int], fold: Int, split: TrainTestSplit, in context: EvaluationContext) -> [Trial] {
        let outcomes = GridSearch.outcomes(of: group.map { space.rows[$0].candidate.parameters }, in: context, split: split)
        return zip(group, outcomes).map { candidate, outcome in
            switch outcome.predictions {
            case .success(let predictions):
                let correctCount = zip(predictions, split.testRows).count { digit, row in digit == dataset.labels[row] }
                return Trial(
                    candidate: candidate, fold: fold,
                    outcome: .succeeded(
                        Trial.Success(
                            predictions: predictions,
                            accuracy: Double(correctCount) / Double(split.testRows.count),
                            fitSeconds: outcome.fitDuration.seconds,
                            scoreSeconds: outcome.scoreDuration.seconds)))
            case .failure(let error):
                return Trial(candidate: candidate, fold: fold, outcome: .failed(reason: "\(error)"))
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
}
