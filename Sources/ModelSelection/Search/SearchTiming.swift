import Classifiers

/// Where the time of one run of a search went, recorded unit by unit as they finish.
public struct SearchTiming: Sendable {
    /// The work of one classifier.
    public struct Work: Sendable {
        public let classifier: ClassifierName
        /// Seconds that jobs were at work on it, all jobs together.
        public internal(set) var busySeconds = 0.0
        /// Of those, seconds of fitting.
        public internal(set) var fitSeconds = 0.0
        /// Of those, seconds of predicting the held-out rows.
        public internal(set) var scoreSeconds = 0.0
    }

    public private(set) var work: [Work] = []
    /// From the start to the end.
    public private(set) var wallSeconds = 0.0
    /// From when the first job found no work left to the end.
    public private(set) var idleTailSeconds = 0.0

    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var tailStart: ContinuousClock.Instant?

    /// Starts the clock.
    public init() {
        start = clock.now
    }

    public mutating func record(_ unit: FinishedUnit) {
        if !unit.hasSuccessor, tailStart == nil { tailStart = clock.now }
        let number = work.firstIndex { $0.classifier == unit.classifier } ?? work.count
        if number == work.count { work.append(Work(classifier: unit.classifier)) }
        work[number].busySeconds += unit.seconds
        for trial in unit.trials {
            guard case .succeeded(let success) = trial.outcome else { continue }
            work[number].fitSeconds += success.fitSeconds
            work[number].scoreSeconds += success.scoreSeconds
        }
    }

    /// Stops the clock.
    public mutating func finish() {
        let end = clock.now
        wallSeconds = (end - start).seconds
        idleTailSeconds = tailStart.map { (end - $0).seconds } ?? 0
    }

    public var busySeconds: Double { work.reduce(0) { $0 + $1.busySeconds } }
}
