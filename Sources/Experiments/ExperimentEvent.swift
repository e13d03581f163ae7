/// Something that happened to an experiment, for those who watch it.
public struct ExperimentEvent: Hashable, Sendable {
    /// From 1, one more each, within an experiment: the `id` of a server-sent event.
    public let number: Int
    public let kind: Kind
    /// JSON in one line.
    public let data: String

    public enum Kind: String, CaseIterable, Sendable {
        /// A change of state, written with the change itself.
        case state
        /// Finished trials, written with the unit that they are of.
        case trials
        /// What else there is to say: models that were stored, or put into service.
        case notice
    }
}
