import Classifiers
import Experiments
import HTTPServing
import ModelFiles
import Threads

/// The models in service now, with all that can be said of them before a request asks.
///
/// A request takes what it needs of the set of its moment, and keeps it to its end; another set takes its place in one step.
public final class ServingModels: ModelServing {
    private let prepared: Locked<Prepared>

    public init(_ models: ModelSet) {
        prepared = Locked(Prepared(models))
    }

    public func serve(_ models: ModelSet) {
        // Prepared before the lock is taken, and the set before it released after: no request waits for either.
        var next = Prepared(models)
        prepared.withLock { swap(&$0, &next) }
    }

    public var current: ModelSet { prepared.withLock { $0.models } }

    /// The model of that name, or the default one where none is named. Taken with one reference count, and none where there is no such model.
    func model(named name: String?) throws(ModelLookupError) -> ServingModel {
        guard let name else { return prepared.withLock { $0.defaultModel } }
        let (found, known) = prepared.withLock { prepared -> (ServingModel?, [ServingModel]) in
            let found = prepared.serving.first { $0.loaded.name.rawValue == name }
            return (found, found == nil ? prepared.serving : [])
        }
        guard let found else { throw .unknownModel(found: name, known: known.map(\.loaded.name)) }
        return found
    }

    /// The body of `GET /models`.
    var list: ConstantBody { prepared.withLock { $0.list } }

    /// The report of the search that chose the shipped models.
    var shippedReport: ConstantBody? { prepared.withLock { $0.shippedReport } }

    /// A set with its answers.
    private struct Prepared: Sendable {
        let models: ModelSet
        /// By name in alphabetical order, as in `models`.
        let serving: [ServingModel]
        let defaultModel: ServingModel
        let list: ConstantBody
        let shippedReport: ConstantBody?

        init(_ models: ModelSet) {
            self.models = models
            let descriptions = models.models.map { ModelDescription($0, in: models) }
            let serving = zip(models.models, descriptions).map { ServingModel($0, description: $1) }
            self.serving = serving
            // The default is one of the models, of which there is at least one.
            defaultModel = serving.first { $0.loaded.name == models.defaultModel.name } ?? serving[0]
            list = ConstantBody(JSONBody.bytes(of: ModelList(default: models.defaultModel.name, models: descriptions)))
            shippedReport = models.trainingReport.map { ConstantBody($0) }
        }
    }
}

/// A model in service, with its answers prepared. A class, so that a request takes it with one reference count.
final class ServingModel: Sendable {
    let loaded: LoadedModel
    let writer: PredictionWriter
    /// The body of `GET /models/{name}`.
    let description: ConstantBody

    init(_ loaded: LoadedModel, description: ModelDescription) {
        self.loaded = loaded
        writer = PredictionWriter(model: loaded.name, version: loaded.version.number)
        self.description = ConstantBody(JSONBody.bytes(of: description))
    }
}

/// What `GET /models` says.
private struct ModelList: Encodable {
    let `default`: ClassifierName
    let models: [ModelDescription]
}
