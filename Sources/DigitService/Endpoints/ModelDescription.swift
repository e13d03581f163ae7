import Classifiers
import Experiments
import JSONText
import ModelFiles
import ModelSelection

/// A version of a model, in service or not: parameters, provenance, accuracy.
///
/// `GET /models/{name}` gives that of the version in service, `GET /models/{name}/versions/{version}` any.
struct ModelDescription: Encodable {
    let name: ClassifierName
    let version: Int
    /// Whether it is in service.
    let active: Bool
    /// All versions that can be put into service.
    let versions: [Int]
    /// The experiment that made it; null for the model that comes with digitd.
    @ExplicitNull var experiment: String?
    /// When it was made, as RFC 3339 spells it; null for the model that comes with digitd.
    @ExplicitNull var created: String?
    /// Whether it answers where a request names no model.
    let isDefault: Bool
    let parameters: ParameterValues
    /// The digits it can answer.
    let classes: [UInt8]
    let accuracy: Accuracy
    let dataset: SearchReport.Dataset
    let seed: UInt64
    let digitdVersion: String
    let trainingReport: TrainingReport
    let links: Links

    /// Of the cross-validation that chose the parameters.
    struct Accuracy: Encodable {
        let mean: Double
        let standardDeviation: Double
        let folds: Int

        init(_ crossValidation: TrainingProvenance.CrossValidation) {
            mean = crossValidation.accuracyMean
            standardDeviation = crossValidation.accuracyStandardDeviation
            folds = crossValidation.folds
        }
    }

    struct Links: Encodable {
        let `self`: String
        let version: String
        let activate: String
        /// Null, as `predict`, for a version that is not in service.
        @ExplicitNull var report: String?
        @ExplicitNull var predict: String?
    }

    private enum CodingKeys: String, CodingKey {
        case name, version, active, versions, experiment, created, parameters, classes, accuracy, dataset, seed, digitdVersion
        case trainingReport, links
        case isDefault = "default"
    }

    /// The description of a model in service, at the address of its name.
    init(_ model: LoadedModel, in models: ModelSet) {
        self.init(model, in: models, address: "/models/\(model.name.rawValue)")
    }

    /// The description of a version, at its own address.
    ///
    /// - Parameter model: in service or not.
    init(version model: LoadedModel, in models: ModelSet) {
        self.init(model, in: models, address: "/models/\(model.name.rawValue)/versions/\(model.version.number)")
    }

    private init(_ model: LoadedModel, in models: ModelSet, address: String) {
        name = model.name
        version = model.version.number
        active = models[model.name]?.version == model.version
        versions = models.versionNumbers(of: model.name)
        experiment = model.version.origin?.experiment
        created = (model.version.origin?.created).map { Timestamp($0).text }
        isDefault = active && models.defaultModel.name == model.name
        parameters = ModelDescription.parameters(of: model.model)
        classes = model.model.classes
        accuracy = Accuracy(model.training.crossValidation)
        dataset = model.training.dataset
        seed = model.training.seed
        digitdVersion = model.training.digitdVersion
        trainingReport = model.model.trainingReport
        let name = model.name.rawValue
        let path = "/models/\(name)/versions/\(version)"
        links = Links(
            self: address, version: path, activate: "\(path)/activate", report: active ? "/models/\(name)/report" : nil,
            predict: active ? "/predict?model=\(name)" : nil)
    }

    private static func parameters<Model: ClassifierModel>(of model: Model) -> ParameterValues { model.parameters.values }
}
