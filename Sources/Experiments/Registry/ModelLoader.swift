import Classifiers
import ModelFiles

/// Reads models: those that come with digitd from their folder, trained versions from the state folder.
///
/// Reads files and the database, and decodes: call from a service queue.
public struct ModelLoader: Sendable {
    private let shippedFolder: String
    private let pinnedDefault: ClassifierName?
    let store: ExperimentStore?

    /// - Parameters:
    ///   - shippedFolder: where the models stand that come with digitd.
    ///   - store: nil where there is no database: then those serve, and there are no others.
    ///   - pinnedDefault: the classifier that answers where a request names none, whatever was pinned before; nil to leave it to that.
    public init(shippedFolder: String, store: ExperimentStore?, pinnedDefault: ClassifierName? = nil) {
        self.shippedFolder = shippedFolder
        self.store = store
        self.pinnedDefault = pinnedDefault
    }

    /// What is to serve, and what of it cannot be read.
    public struct Loaded: Sendable {
        public let models: ModelSet
        public let failures: [Failure]
    }

    /// An active version that cannot be read; the shipped model of its classifier, where there is one, serves in its place.
    public struct Failure: Sendable {
        public let version: ModelVersion
        public let error: ExperimentsError
    }

    /// Loads the shipped models and, in their place, the active versions.
    ///
    /// - Throws: `ModelFileError` for shipped models that are missing or bad; `ExperimentsError` where the database cannot be read.
    public func load() throws -> Loaded {
        let shipped = try ModelSet(folder: shippedFolder)
        guard let store else { return Loaded(models: pinned(shipped), failures: []) }
        let trained = try store.modelVersions()
        let active = try store.activeVersions()
        let reasons = try store.servingReasons()
        var serving: [LoadedModel] = []
        var failures: [Failure] = []
        for version in trained where active[version.classifier] == version.number {
            do throws(ExperimentsError) {
                serving.append(try model(version).serving(because: reasons[version.classifier] ?? LoadedModel.shippedReason))
            } catch {
                failures.append(Failure(version: version, error: error))
            }
        }
        // A shipped version that somebody went back to serves for that reason.
        for model in shipped.models where active[model.name] == ModelVersion.shipped {
            serving.append(model.serving(because: reasons[model.name] ?? LoadedModel.shippedReason))
        }
        for failure in failures {
            guard let model = shipped[failure.version.classifier] else { continue }
            serving.append(model.serving(because: "version \(failure.version.number), which is active, cannot be read"))
        }
        var models = shipped.listing(trained).serving(serving)
        if let stored = try store.defaultChoice() {
            models = models.defaulting(
                to: stored.isPinned ? .pinned(stored.classifier, reason: stored.reason) : .following(stored.classifier))
        }
        return Loaded(models: pinned(models), failures: failures)
    }

    private func pinned(_ models: ModelSet) -> ModelSet {
        pinnedDefault.map { models.defaulting(to: .pinned($0, bySetting: "defaultModel")) } ?? models
    }

    /// Reads the document of a version.
    ///
    /// - Throws: `ExperimentsError.badModel` naming the file.
    public func model(_ version: ModelVersion) throws(ExperimentsError) -> LoadedModel {
        guard let path = path(of: version) else { throw .databaseFailed(reason: "there is none") }
        do throws(ModelFileError) {
            return LoadedModel(
                try ModelDocument(file: path, of: version.classifier), number: version.number, origin: version.origin)
        } catch {
            throw .badModel(error)
        }
    }

    /// Where the document of a version stands; nil for a trained one where there is no database.
    func path(of version: ModelVersion) -> String? {
        version.number == ModelVersion.shipped
            ? ModelSet.path(of: version.classifier, in: shippedFolder)
            : store?.folder.modelPath(classifier: version.classifier, version: version.number)
    }
}
