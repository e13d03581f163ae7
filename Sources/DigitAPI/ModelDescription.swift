import Classifiers
import JSONText

/// A version of a model, in service or not: parameters, provenance, accuracy.
///
/// `GET /models/{name}` answers with that of the version in service, `GET /models/{name}/versions/{version}` with any.
package struct ModelDescription: Codable, Hashable, Sendable {
    package let name: ClassifierName
    package let version: Int
    /// Whether it is in service.
    package let active: Bool
    /// All versions that can be put into service.
    package let versions: [Int]
    /// The experiment that made it; null for the model that comes with digitd.
    @ExplicitNull package private(set) var experiment: String?
    /// When it was made, as RFC 3339 spells it; null for the model that comes with digitd.
    @ExplicitNull package private(set) var created: String?
    /// Whether it answers where a request names no model.
    package let isDefault: Bool
    /// Why it is in service, in words; null for a version that is not.
    @ExplicitNull package private(set) var reason: String?
    package let parameters: ParameterValues
    /// The digits it can answer.
    package let classes: [UInt8]
    package let accuracy: Accuracy
    package let dataset: Dataset
    /// Of the final fit.
    package let seed: UInt64
    package let digitdVersion: String
    package let trainingReport: TrainingReport
    package let links: Links

    /// Of the cross-validation that chose the parameters.
    package struct Accuracy: Codable, Hashable, Sendable {
        /// Of the folds' accuracies, 0...1.
        package let mean: Double
        package let standardDeviation: Double
        package let folds: Int

        package init(mean: Double, standardDeviation: Double, folds: Int) {
            self.mean = mean
            self.standardDeviation = standardDeviation
            self.folds = folds
        }
    }

    /// What it was trained on.
    package struct Dataset: Codable, Hashable, Sendable {
        package let name: String
        package let sha256: String
        package let rows: Int

        package init(name: String, sha256: String, rows: Int) {
            self.name = name
            self.sha256 = sha256
            self.rows = rows
        }
    }

    package struct Links: Codable, Hashable, Sendable {
        package let `self`: String
        package let version: String
        package let activate: String
        /// Null, as `predict`, for a version that is not in service.
        @ExplicitNull package private(set) var report: String?
        @ExplicitNull package private(set) var predict: String?

        package init(address: String, version: String, activate: String, report: String?, predict: String?) {
            self.`self` = address
            self.version = version
            self.activate = activate
            self.report = report
            self.predict = predict
        }
    }

    private enum CodingKeys: String, CodingKey {
        case name, version, active, versions, experiment, created, parameters, classes, accuracy, dataset, seed, digitdVersion
        case trainingReport, links, reason
        case isDefault = "default"
    }

    package init(
        name: ClassifierName, version: Int, active: Bool, versions: [Int], experiment: String?, created: String?, isDefault: Bool,
        reason: String?, parameters: ParameterValues, classes: [UInt8], accuracy: Accuracy, dataset: Dataset, seed: UInt64,
        digitdVersion: String,
        trainingReport: TrainingReport, links: Links
    ) {
        self.name = name
        self.version = version
        self.active = active
        self.versions = versions
        self.experiment = experiment
        self.created = created
        self.isDefault = isDefault
        self.reason = reason
        self.parameters = parameters
        self.classes = classes
        self.accuracy = accuracy
        self.dataset = dataset
        self.seed = seed
        self.digitdVersion = digitdVersion
        self.trainingReport = trainingReport
        self.links = links
    }
}

/// The models in service: `GET /models`.
package struct ModelList: Codable, Hashable, Sendable {
    package let `default`: ClassifierName
    /// Whether somebody has pinned the default; else it follows from accuracies measured on the same data and folds.
    package let defaultPinned: Bool
    /// Why the default is what it is, in words.
    package let defaultReason: String
    package let models: [ModelDescription]

    package init(default choice: DefaultModel, models: [ModelDescription]) {
        self.`default` = choice.model
        defaultPinned = choice.pinned
        defaultReason = choice.reason
        self.models = models
    }
}
