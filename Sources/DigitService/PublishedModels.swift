import Classifiers
import HTTPServing
import ModelFiles

/// A snapshot of models with all that can be said of them before a request asks.
final class PublishedModels: Sendable {
    /// A model with its prepared answers.
    struct Entry: Sendable {
        let served: ServedModel
        /// Ends an answer of `/predict`: `,"model":{"name":"svm","version":1}}` and a newline.
        let answerEnd: [UInt8]
        let description: ConstantBody
    }

    let entries: [Entry]
    let defaultEntry: Entry
    /// The body of `GET /models`.
    let list: ConstantBody
    /// The report of the search that chose the models.
    let report: ConstantBody?

    init(_ snapshot: ModelSnapshot) {
        let descriptions = snapshot.models.map { ModelDescription($0, isDefault: $0.name == snapshot.defaultModel.name) }
        let entries = zip(snapshot.models, descriptions).map { served, description in
            Entry(
                served: served,
                answerEnd: Array(",\"model\":{\"name\":\"\(served.name.rawValue)\",\"version\":\(served.version)}}\n".utf8),
                description: ConstantBody(JSONBody.bytes(of: description)))
        }
        self.entries = entries
        defaultEntry = entries.first { $0.served.name == snapshot.defaultModel.name } ?? entries[0]
        list = ConstantBody(JSONBody.bytes(of: ModelList(default: snapshot.defaultModel.name, models: descriptions)))
        report = snapshot.trainingReport.map { ConstantBody($0) }
    }

    /// The model of that name, or the default one where none is named.
    func entry(named name: String?) throws(ServiceError) -> Entry {
        guard let name else { return defaultEntry }
        guard let entry = entries.first(where: { $0.served.name.rawValue == name }) else {
            throw .unknownModel(found: name, known: entries.map(\.served.name.rawValue))
        }
        return entry
    }
}

/// What `GET /models` says.
private struct ModelList: Encodable {
    let `default`: ClassifierName
    let models: [ModelDescription]
}
