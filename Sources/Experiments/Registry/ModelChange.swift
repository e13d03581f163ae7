import Classifiers

/// A change of the models that there are, of those that serve, or of the one that answers where a request names none.
public struct ModelChange: Hashable, Sendable {
    public enum Action: String, CaseIterable, Sendable {
        /// An experiment has made a version.
        case stored
        /// An experiment has put its version into service.
        case promoted
        /// Somebody has put a version into service.
        case activated
        /// Somebody has taken a classifier out of service.
        case withdrawn
        /// Another model answers where a request names none, or one was pinned, or the pin was taken away.
        case defaulted
    }

    /// A version of a classifier.
    public struct Model: Hashable, Sendable {
        public let name: ClassifierName
        public let version: Int

        public init(name: ClassifierName, version: Int) {
            self.name = name
            self.version = version
        }
    }

    public let action: Action
    /// Of the classifier, or of the default, before; nil where there was none.
    public let from: Model?
    /// Afterwards; nil where there is none.
    public let to: Model?
    /// Who or what wanted it.
    public let reason: String
    public let time: Timestamp
}

/// A page of the audit.
public struct ModelChangePage: Sendable {
    /// Newest first.
    public let changes: [ModelChange]
    /// Of the last change given; nil where there are no older ones.
    public let next: Int?
}
