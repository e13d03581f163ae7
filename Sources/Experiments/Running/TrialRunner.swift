import ModelSelection

/// Has workers carry out the trials and refits of searches on one data set. It keeps nothing of what they come to.
struct TrialRunner: Sendable {
    let pool: WorkerPool
    /// The rows that all the searches are of, packed, where workers read them.
    let datasetPath: String
    /// Called with every worker that died over its work.
    let onFailedAttempt: @Sendable (FailedAttempt) -> Void

    /// A unit of work that is done, or lost for good.
    struct Finished {
        let unit: SearchUnit
        let trials: [Trial]
        let seconds: Double
    }

    /// Runs units of a search.
    ///
    /// - Parameters:
    ///   - rows: the rows of the file that the search has; nil for all of them.
    ///   - onFinished: called with every unit, in the order in which they finish. What it throws ends the work.
    /// - Throws: as `WorkerPool.run`.
    func run(
        _ units: [SearchUnit], of search: GridSearch, rows: [Int]? = nil, onFinished: (Finished) async throws -> Void
    ) async throws {
        let definition = WorkerSearch(search, datasetPath: datasetPath, rows: rows)
        try await pool.run(
            definition, of: search, orders: units.map { .trials(of: $0) }, onFailedAttempt: onFailedAttempt
        ) { outcome in
            guard case .trials(let unit) = outcome.order else { return }
            try await onFinished(Finished(unit: unit, trials: outcome.trials(of: unit), seconds: outcome.seconds))
        }
    }

    /// The trials of a search of which only some folds of each candidate are wanted.
    ///
    /// - Parameters:
    ///   - pending: the numbers of the candidates that each fold measures.
    ///   - rows: the rows of the file that the search has; nil for all of them.
    /// - Throws: as `WorkerPool.run`.
    func trials(of search: GridSearch, pending: [Set<Int>], rows: [Int]? = nil) async throws -> [Trial] {
        var trials: [Trial] = []
        try await run(search.units(jobCount: pool.workerCount, pending: pending), of: search, rows: rows) { trials += $0.trials }
        return trials
    }

    /// Refits candidates of a search on all its rows.
    ///
    /// - Returns: what came of each order, by the number of its candidate.
    /// - Throws: as `WorkerPool.run`.
    func refits(_ orders: [RefitOrder], of search: GridSearch) async throws -> [Int: RefitResult] {
        var results: [Int: RefitResult] = [:]
        let definition = WorkerSearch(search, datasetPath: datasetPath)
        try await pool.run(
            definition, of: search, orders: orders.map { .refit($0) }, onFailedAttempt: onFailedAttempt
        ) { outcome in
            guard case .refit(let order) = outcome.order else { return }
            switch outcome.result {
            case .refit(let result): results[order.candidate] = result
            case .lost(let cause): results[order.candidate] = RefitResult(failure: cause, timing: nil)
            case .trials: break
            }
        }
        return results
    }
}
