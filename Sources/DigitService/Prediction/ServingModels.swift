import Classifiers
import Digits
import Experiments
import ModelFiles
import Threads

/// The models that answer now, with their answers prepared. Knows no protocol: a request of any kind chooses a
/// model here, and has its bitmaps predicted.
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

    /// The answers about the set that serves.
    var answers: SetAnswers { prepared.withLock { $0.answers } }

    /// The model of that name, or the default one where none is named; taken with one reference count.
    ///
    /// - Throws: `ModelLookupError.unknownModel`.
    func model(named name: String?) throws(ModelLookupError) -> ServingModel {
        guard let name else { return prepared.withLock { $0.defaultModel } }
        let found = prepared.withLock { prepared in prepared.serving.first { $0.loaded.name.rawValue == name } }
        guard let found else { throw .unknownModel(found: name, known: current.models.map(\.name)) }
        return found
    }

    /// A set with its answers.
    private struct Prepared: Sendable {
        let models: ModelSet
        /// By name in alphabetical order, as in `models`.
        let serving: [ServingModel]
        let defaultModel: ServingModel
        let answers: SetAnswers

        init(_ models: ModelSet) {
            self.models = models
            let serving = models.models.map { ServingModel($0, answers: ModelAnswers($0, in: models)) }
            self.serving = serving
            // The default is one of the models, of which there is at least one.
            defaultModel = serving.first { $0.loaded.name == models.defaultModel.name } ?? serving[0]
            answers = SetAnswers(models)
        }
    }
}

/// A model in service. A class, so that a request takes it with one reference count.
final class ServingModel: Sendable {
    let loaded: LoadedModel
    /// The answers about it, and the form of its predictions.
    let answers: ModelAnswers
    /// About how many bitmaps it predicts in `PredictionTime.quickMicroseconds`, 1 or more: who predicts more keeps others waiting.
    let quickBitmapCount: Int

    init(_ loaded: LoadedModel, answers: ModelAnswers) {
        self.loaded = loaded
        self.answers = answers
        quickBitmapCount = max(1, Int(PredictionTime.quickMicroseconds / PredictionTime.microseconds(of: loaded.model)))
    }

    func prediction(for bitmap: Bitmap) -> Prediction { loaded.model.prediction(for: bitmap) }

    /// Predictions in the order of the bitmaps, each made when it is read.
    func predictions(for bitmaps: [Bitmap]) -> some RandomAccessCollection<Prediction> {
        let model = loaded.model
        return bitmaps.lazy.map { model.prediction(for: $0) }
    }

    /// The digits alone, which may be had sooner than with their probabilities.
    func digits(for bitmaps: [Bitmap]) -> some RandomAccessCollection<UInt8> {
        let model = loaded.model
        return bitmaps.lazy.map { model.digit(for: $0) }
    }
}
