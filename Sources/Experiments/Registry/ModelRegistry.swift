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
    private let onChange: @Sendable (ModelChange) -> Void
    private var models: ModelSet
    private let thread = ActorThread(name: "models")

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - models: what `loader` has loaded and `serving` serves.
    ///   - onChange: called with every change once it is written down and served, for the log.
    public init(
        _ loader: ModelLoader, models: ModelSet, serving: any ModelServing, onChange: @escaping @Sendable (ModelChange) -> Void = { _ in }
    ) {
        self.loader = loader
        self.models = models
        self.serving = serving
        self.onChange = onChange
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

    /// Writes down the default where it is another than the one that was remembered, or none was: a setting has pinned one, the folder of
    /// models brings others, or the one that was is gone. If the database cannot take it now, the next start does it.
    public func rememberDefault() {
        guard let store = loader.store else { return }
        do throws(ExperimentsError) {
            let stored = try store.defaultChoice()
            guard stored?.classifier != models.defaultChoice.classifier else { return }
            onChange(
                try store.setDefault(
                    models.defaultChoice, from: stored.flatMap { models[$0.classifier] }.map(ModelChange.Model.init),
                    to: ModelChange.Model(models.defaultModel)))
        } catch {
            return
        }
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
        let change = try store.activate(version, reason: reason)
        serve(models.serving([model.serving(because: reason)]), after: [change])
    }

    /// Takes a classifier out of service that only experiments have brought there; its versions are kept.
    ///
    /// - Throws: `ExperimentsError.cannotWithdraw` for one that comes with digitd, whose version 1 is the way back; `.notServed`.
    public func withdraw(_ classifier: ClassifierName, reason: String) throws(ExperimentsError) {
        let store = try requireStore()
        guard !models.shipped.contains(where: { $0.name == classifier }) else { throw .cannotWithdraw(classifier) }
        guard models[classifier] != nil else { throw .notServed(classifier) }
        let change = try store.withdraw(classifier, reason: reason)
        serve(models.withdrawing(classifier), after: [change])
    }

    /// Pins the classifier that answers where a request names none, or takes the pin away.
    ///
    /// - Parameters:
    ///   - classifier: nil to let accuracies decide again.
    ///   - reason: who or what wants it, for the audit.
    /// - Throws: `ExperimentsError.notServed`, and where it cannot be written down: nothing has changed then.
    public func pinDefault(_ classifier: ClassifierName?, reason: String) throws(ExperimentsError) {
        _ = try requireStore()
        let changed: ModelSet
        if let classifier {
            guard models[classifier] != nil else { throw .notServed(classifier) }
            changed = models.defaulting(to: .pinned(classifier, reason: reason))
        } else {
            changed = models.unpinned()
        }
        serve(changed, written: try writeDefault(of: changed, because: reason))
    }

    /// Ends an experiment in success: `commit` writes down its versions and which of them serve, and then those do.
    func adopt(_ new: [ExperimentStore.NewVersion], commit: () throws(ExperimentsError) -> [ModelChange]) throws(ExperimentsError) {
        let store = try requireStore()
        // Documents that cannot be read must not be written down as active.
        let promoted = try new.filter { $0.promotion != nil }.map { version throws(ExperimentsError) in
            try loader.model(ModelVersion(classifier: version.classifier, number: version.version, origin: nil))
        }
        let changes = try commit()
        let trained = try store.modelVersions()
        let serving = promoted.compactMap { model in
            trained.first { $0.classifier == model.name && $0.number == model.version.number }
                .map { version in
                    let reason = new.first { $0.classifier == version.classifier }?.promotion
                    return LoadedModel(model.document, number: version.number, origin: version.origin, reason: reason ?? "")
                }
        }
        serve(models.listing(trained).serving(serving), after: changes)
    }

    /// The model that a new one of this classifier has to beat: the one in service, or, where none of this classifier is, the one that answers
    /// where a request names none.
    func incumbent(of classifier: ClassifierName) -> LoadedModel { models[classifier] ?? models.defaultModel }

    /// Puts a set into service. Where it brings another default, that is remembered; if the database cannot take it now, the next start makes
    /// the same choice again.
    ///
    /// - Parameter changes: what is written down already.
    private func serve(_ models: ModelSet, after changes: [ModelChange] = []) {
        serve(models, written: changes + ((try? writeDefault(of: models)) ?? []))
    }

    /// Writes down the default of a set that is to be served, where it is another than that of the set in service.
    ///
    /// - Parameter reason: who or what wants it; nil where it follows from the models.
    private func writeDefault(of next: ModelSet, because reason: String? = nil) throws(ExperimentsError) -> [ModelChange] {
        let (before, after) = (models.defaultChoice, next.defaultChoice)
        guard let store = loader.store, after.classifier != before.classifier || after.isPinned != before.isPinned else { return [] }
        return [
            try store.setDefault(
                after, from: ModelChange.Model(models.defaultModel), to: ModelChange.Model(next.defaultModel), because: reason)
        ]
    }

    private func serve(_ models: ModelSet, written changes: [ModelChange]) {
        self.models = models
        serving.serve(models)
        for change in changes { onChange(change) }
    }

    private func requireStore() throws(ExperimentsError) -> ExperimentStore {
        guard let store = loader.store else { throw .databaseFailed(reason: "there is none") }
        return store
    }
}

extension ModelChange.Model {
    init(_ model: LoadedModel) { self.init(name: model.name, version: model.version.number) }
}
