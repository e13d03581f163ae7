import ModelSelection

/// What came of a unit.
public struct WorkerOutcome: Sendable {
    public let unit: SearchUnit
    /// One trial a candidate; failed ones where no worker lived through the unit.
    public let trials: [Trial]
    /// From the start of the attempt that ended it to its end.
    public let seconds: Double
    /// How often it was begun, 1 or more.
    public let attemptCount: Int
}
