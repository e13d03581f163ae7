import Classifiers
import Experiments
import HTTPServing
import ModelFiles

/// A model in service, with all that can be said of it before a request asks.
///
/// A class, so that a request takes it with one reference count.
final class PublishedModel: Sendable {
    let served: ServedModel
    let writer: PredictionWriter
    /// The body of `GET /models/{name}`.
    let description: ConstantBody

    init(_ served: ServedModel, description: ModelDescription) {
        self.served = served
        writer = PredictionWriter(model: served.name, version: served.version)
        self.description = ConstantBody(JSONBody.bytes(of: description))
    }
}

/// A snapshot of models with its answers prepared.
final class PublishedModels: Sendable {
    /// By name in alphabetical order.
    let models: [PublishedModel]
    private let defaultModel: PublishedModel
    /// The body of `GET /models`.
    let list: ConstantBody
    /// The report of the search that chose the shipped models.
    let shippedReport: ConstantBody?
    /// All versions that can be put into service, by classifier and number.
    let versions: [ModelVersion]

    init(_ snapshot: ModelSnapshot, versions: [ModelVersion]) {
        self.versions = versions
        let defaultName = snapshot.defaultModel.name
        let descriptions = snapshot.models.map { model in
            ModelDescription(
                model, isDefault: model.name == defaultName,
                versions: versions.filter { $0.classifier == model.name }.map(\.version))
        }
        let models = zip(snapshot.models, descriptions).map { PublishedModel($0, description: $1) }
        self.models = models
        // A snapshot's default is one of its models, of which there is at least one.
        defaultModel = models.first { $0.served.name == defaultName } ?? models[0]
        list = ConstantBody(JSONBody.bytes(of: ModelList(default: defaultName, models: descriptions)))
        shippedReport = snapshot.trainingReport.map { ConstantBody($0) }
    }

    /// The model of that name, or the default one where none is named.
    func model(named name: String?) throws(ServiceError) -> PublishedModel {
        guard let name else { return defaultModel }
        guard let model = models.first(where: { $0.served.name.rawValue == name }) else {
            throw .unknownModel(found: name, known: models.map(\.served.name.rawValue))
        }
        return model
    }
}

/// What `GET /models` says.
private struct ModelList: Encodable {
    let `default`: ClassifierName
    let models: [ModelDescription]
}
