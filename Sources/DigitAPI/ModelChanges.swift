import Classifiers
import JSONText

/// The model that answers where a request names none: `GET /models/default`, and the answer of `PUT /models/default`.
package struct DefaultModel: Codable, Hashable, Sendable {
    package let model: ClassifierName
    /// Whether somebody has pinned it; else it follows from accuracies measured on the same data and folds.
    package let pinned: Bool
    package let reason: String

    package init(model: ClassifierName, pinned: Bool, reason: String) {
        self.model = model
        self.pinned = pinned
        self.reason = reason
    }
}

/// The body of `PUT /models/default`.
package struct DefaultModelRequest: Codable, Hashable, Sendable {
    /// Null takes the pin away.
    @ExplicitNull package private(set) var model: ClassifierName?

    package init(model: ClassifierName?) {
        self.model = model
    }
}

/// A change of the models that there are, of those that serve, or of the default: a row of `GET /models/audit`.
package struct ModelChangeDescription: Codable, Hashable, Sendable {
    package struct Model: Codable, Hashable, Sendable {
        package let name: ClassifierName
        package let version: Int

        package init(name: ClassifierName, version: Int) {
            self.name = name
            self.version = version
        }
    }

    /// `stored`, `promoted`, `activated`, `withdrawn` or `defaulted`.
    package let action: String
    /// Before; null where nothing was known to be.
    @ExplicitNull package private(set) var from: Model?
    /// Afterwards; null where there is none.
    @ExplicitNull package private(set) var to: Model?
    /// Who or what wanted it.
    package let reason: String
    /// RFC 3339, UTC.
    package let time: String

    package init(action: String, from: Model?, to: Model?, reason: String, time: String) {
        self.action = action
        self.reason = reason
        self.time = time
        self.from = from
        self.to = to
    }
}

/// A page of `GET /models/audit`, newest first.
package struct ModelAudit: Codable, Hashable, Sendable {
    package let changes: [ModelChangeDescription]
    /// The next page's path and query; null on the last page.
    @ExplicitNull package private(set) var next: String?

    package init(changes: [ModelChangeDescription], next: String?) {
        self.changes = changes
        self.next = next
    }
}
