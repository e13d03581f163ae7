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
    /// `running` goes back to `queued` where the server stopped under it: its finished units are kept.
    public static let legalTransitions: [ExperimentState: Set<ExperimentState>] = [
        .queued: [.running, .cancelled],
        .running: [.succeeded, .failed, .cancelling, .queued],
        .cancelling: [.cancelled],
        .succeeded: [],
        .failed: [],
        .cancelled: [],
    ]

    public func mayBecome(_ next: ExperimentState) -> Bool {
        ExperimentState.legalTransitions[self]?.contains(next) ?? false
    }

    /// Whether nothing can follow: only such experiments are deleted.
    public var isFinished: Bool {
        ExperimentState.legalTransitions[self]?.isEmpty ?? true
    }
}
