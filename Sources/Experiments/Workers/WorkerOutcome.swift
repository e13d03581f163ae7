import ModelSelection

/// What came of an order.
public struct WorkerOutcome: Sendable {
    public let order: WorkerOrder
    public let result: Result
    /// From the start of the attempt that ended it to its end.
    public let seconds: Double
    /// How often it was begun, 1 or more.
    public let attemptCount: Int

    public enum Result: Sendable {
        /// One trial a candidate of the unit.
        case trials([Trial])
        case refit(RefitResult)
        /// No worker lived through it; why the last one died.
        case lost(cause: String)
    }

    /// The trials of a unit; failed ones, with the cause, where no worker lived through it.
    public func trials(of unit: SearchUnit) -> [Trial] {
        switch result {
        case .trials(let trials): trials
        case .lost(let cause): unit.candidates.map { Trial(candidate: $0, fold: unit.fold, outcome: .failed(reason: cause)) }
        case .refit: []
        }
    }
}

/// A worker that died over its work, or took too long and was killed: for the log.
public struct FailedAttempt: Hashable, Sendable {
    /// What the worker was doing, in words.
    public let work: String
    /// How often that was begun, this attempt included.
    public let count: Int
    /// How often it is begun at most.
    public let limit: Int
    /// What became of the worker, as in "was ended by signal 9".
    public let ending: String
}
