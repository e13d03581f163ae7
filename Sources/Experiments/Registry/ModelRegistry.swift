import Classifiers
import ModelFiles
import Threads

/// What answers with the models of a set.
public protocol ModelServing: Sendable {
    /// From when this returns, whoever asks is answered by a model of this set.
    func serve(_ models: ModelSet)
}

/// Changes which models are in service: those that come with digitd, and in their place the versions that experiments have made and that
/// are active.
///
/// Which version is active stands in the database and outlives the server. A change is checked first (the document is read), then written
/// down, then served: whoever asks afterwards gets the new model, and nobody ever a half-made set. One change at a time, on a thread of the
/// registry's own: decoding a model takes none of the threads that Swift's tasks share.
public actor ModelRegistry {
    /// Reads documents, whatever this is at.
    public nonisolated let loader: ModelLoader
    private let serving: any ModelServing
    private var models: ModelSet
    private let thread = ActorThread(name: "models")

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - models: what `loader` has loaded and `serving` serves.
    public init(_ loader: ModelLoader, models: ModelSet, serving: any ModelServing) {
        self.loader = loader
        self.models = models
        self.serving = serving
    }

    /// Loads everything again; where a shipped model is bad, or the database cannot be read, all stays as it is.
    ///
    /// - Returns: the active versions that cannot be read.
    /// - Throws: `ModelFileError` naming the file; `ExperimentsError`.
    public func reload() throws -> [ModelLoader.Failure] {
        let loaded = try loader.load()
        serve(loaded.models)
        return loaded.failures
    }

    /// Puts a version into service; also the way back, to the shipped one too.
    ///
    /// - Parameters:
    ///   - version: one of the set in service.
    ///   - reason: who or what wants it, for the audit.
    /// - Throws: `ExperimentsError.badModel` for a document that cannot be read, or is kept no longer: nothing has changed then.
    public func activate(_ version: ModelVersion, reason: String) throws(ExperimentsError) {
        let store = try requireStore()
        let model = if let loaded = models.loaded(version) { loaded } else { try loader.model(version) }
        try store.activate(version, reason: reason)
        serve(models.serving([model]))
    }

    /// Takes a classifier out of service that only experiments have brought there; its versions are kept.
    ///
    /// - Throws: `ExperimentsError.cannotWithdraw` for one that comes with digitd, whose version 1 is the way back; `.notServed`.
    public func withdraw(_ classifier: ClassifierName, reason: String) throws(ExperimentsError) {
        let store = try requireStore()
        guard !models.shipped.contains(where: { $0.name == classifier }) else { throw .cannotWithdraw(classifier) }
        guard models[classifier] != nil else { throw .notServed(classifier) }
        try store.withdraw(classifier, reason: reason)
        serve(models.withdrawing(classifier))
    }

    /// Ends an experiment in success: `commit` writes down its versions and which of them serve, and then those do.
    func adopt(_ new: [ExperimentStore.NewVersion], commit: () throws(ExperimentsError) -> Void) throws(ExperimentsError) {
        let store = try requireStore()
        // Documents that cannot be read must not be written down as active.
        let promoted = try new.filter { $0.promotion != nil }.map { version throws(ExperimentsError) in
            try loader.model(ModelVersion(classifier: version.classifier, number: version.version, origin: nil))
        }
        try commit()
        let trained = try store.modelVersions()
        let serving = promoted.compactMap { model in
            trained.first { $0.classifier == model.name && $0.number == model.version.number }
                .map { LoadedModel(model.document, number: $0.number, origin: $0.origin) }
        }
        serve(models.listing(trained).serving(serving))
    }

    /// The model that a new one of this classifier has to beat: the one in service, or, where none of this classifier is, the one that answers
    /// where a request names none.
    func incumbent(of classifier: ClassifierName) -> LoadedModel { models[classifier] ?? models.defaultModel }

    private func serve(_ models: ModelSet) {
        self.models = models
        serving.serve(models)
    }

    private func requireStore() throws(ExperimentsError) -> ExperimentStore {
        guard let store = loader.store else { throw .databaseFailed(reason: "there is none") }
        return store
    }
}
