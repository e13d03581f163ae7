import Classifiers
import DigitAPI
import Experiments
import ModelFiles

extension ModelDescription {
    /// The description of a model in service, at the address of its name.
    init(_ model: LoadedModel, in models: ModelSet) {
        self.init(model, in: models, address: "/models/\(model.name.rawValue)")
    }

    /// The description of a version, in service or not, at its own address.
    init(version model: LoadedModel, in models: ModelSet) {
        self.init(model, in: models, address: ModelDescription.path(of: model.version))
    }

    private init(_ model: LoadedModel, in models: ModelSet, address: String) {
        let isActive = models[model.name]?.version == model.version
        let crossValidation = model.training.crossValidation
        let path = ModelDescription.path(of: model.version)
        let name = model.name.rawValue
        self.init(
            name: model.name, version: model.version.number, active: isActive, versions: models.versionNumbers(of: model.name),
            experiment: model.version.origin?.experiment, created: (model.version.origin?.created).map { Timestamp($0).text },
            isDefault: isActive && models.defaultModel.name == model.name, reason: isActive ? model.reason : nil,
            parameters: ModelDescription.parameters(of: model.model), classes: model.model.classes,
            accuracy: Accuracy(
                mean: crossValidation.accuracyMean, standardDeviation: crossValidation.accuracyStandardDeviation,
                folds: crossValidation.folds),
            dataset: Dataset(
                name: model.training.dataset.name, sha256: model.training.dataset.sha256, rows: model.training.dataset.rows),
            seed: model.training.seed, digitdVersion: model.training.digitdVersion, trainingReport: model.model.trainingReport,
            links: Links(
                address: address, version: path, activate: "\(path)/activate", report: isActive ? "/models/\(name)/report" : nil,
                predict: isActive ? "/predict?model=\(name)" : nil))
    }

    private static func path(of version: ModelVersion) -> String { "/models/\(version.classifier.rawValue)/versions/\(version.number)" }

    private static func parameters<Model: ClassifierModel>(of model: Model) -> ParameterValues { model.parameters.values }
}

extension DefaultModel {
    init(_ choice: DefaultChoice) { self.init(model: choice.classifier, pinned: choice.isPinned, reason: choice.reason) }
}

extension ModelChangeDescription {
    init(_ change: ModelChange) {
        self.init(
            action: change.action.rawValue, from: change.from.map { Model(name: $0.name, version: $0.version) },
            to: change.to.map { Model(name: $0.name, version: $0.version) }, reason: change.reason, time: change.time.text)
    }
}
