import DigitAPI

/// Something that happened to an experiment, for those who watch it.
public struct ExperimentEvent: Hashable, Sendable {
    /// From 1, one more each, within an experiment: the `id` of a server-sent event.
    public let number: Int
    public let kind: ExperimentUpdate.Kind
    /// JSON in one line.
    public let data: String
}
