import Classifiers

#if canImport(FoundationEssentials)
    public import struct FoundationEssentials.Date
#else
    public import struct Foundation.Date
#endif

/// A version of a model that can be put into service.
public struct ModelVersion: Hashable, Sendable {
    /// The number of the model that comes with digitd; trained ones have larger numbers, never used twice.
    public static let shipped = 1

    public let classifier: ClassifierName
    public let number: Int
    /// Where a trained version comes from; nil for the shipped one.
    public let origin: Origin?

    /// The experiment that made a version, and when.
    public struct Origin: Hashable, Sendable {
        /// The experiment's id; the experiment itself may have been deleted since.
        public let experiment: String
        public let created: Date

        public init(experiment: String, created: Date) {
            self.experiment = experiment
            self.created = created
        }
    }

    public init(classifier: ClassifierName, number: Int, origin: Origin?) {
        self.classifier = classifier
        self.number = number
        self.origin = origin
    }
}

/// A version of a model with its document read: what can answer.
public struct LoadedModel: Sendable {
    public let version: ModelVersion
    public let document: ModelDocument
    /// Why it serves, where it does: in words.
    public let reason: String

    /// That of a model which serves because nothing else was put in its place.
    public static let shippedReason = "it comes with digitd, and no other version was put into service"

    /// - Parameters:
    ///   - number: 1 for the model that a folder of models holds.
    ///   - origin: nil for the model that a folder of models holds.
    ///   - reason: why it serves.
    public init(
        _ document: ModelDocument, number: Int = ModelVersion.shipped, origin: ModelVersion.Origin? = nil,
        reason: String = LoadedModel.shippedReason
    ) {
        self.document = document
        self.reason = reason
        version = ModelVersion(classifier: document.classifier, number: number, origin: origin)
    }

    /// The classifier's spelling: by this name clients ask for the model.
    public var name: ClassifierName { version.classifier }
    public var model: any ClassifierModel { document.model }
    public var training: TrainingProvenance { document.training }

    /// The same model, in service for another reason.
    public func serving(because reason: String) -> LoadedModel {
        LoadedModel(document, number: version.number, origin: version.origin, reason: reason)
    }
}
