/// Where an experiment stands.
public enum ExperimentState: String, CaseIterable, Codable, Hashable, Sendable {
    /// Waits for its turn.
    case queued
    case running
    /// Was asked to stop and has units under way.
    case cancelling
    case succeeded
    case failed
    case cancelled

    /// The states that may follow each one; every change of state is checked against this value.
    ///
    /// `running` goes back to `queued` where the server stopped under it, and what is finished where it is to be tried again: finished units
    /// are kept.
    public static let legalTransitions: [ExperimentState: Set<ExperimentState>] = [
        .queued: [.running, .cancelled],
        .running: [.succeeded, .failed, .cancelling, .queued],
        .cancelling: [.cancelled],
        .succeeded: [.queued],
        .failed: [.queued],
        .cancelled: [.queued],
    ]

    public func mayBecome(_ next: ExperimentState) -> Bool {
        ExperimentState.legalTransitions[self]?.contains(next) ?? false
    }

    /// Whether nothing follows by itself: only such experiments are deleted or tried again.
    public var isFinished: Bool {
        switch self {
        case .queued, .running, .cancelling: false
        case .succeeded, .failed, .cancelled: true
        }
    }
}
