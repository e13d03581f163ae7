import Classifiers
import ModelFiles

/// Reads models: those that come with digitd from their folder, trained versions from the state folder.
///
/// Reads files and the database, and decodes: call from a service queue.
public struct ModelLoader: Sendable {
    private let shippedFolder: String
    let store: ExperimentStore?

    /// - Parameters:
    ///   - shippedFolder: where the models stand that come with digitd.
    ///   - store: nil where there is no database: then those serve, and there are no others.
    public init(shippedFolder: String, store: ExperimentStore?) {
        self.shippedFolder = shippedFolder
        self.store = store
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
        guard let store else { return Loaded(models: shipped, failures: []) }
        let trained = try store.modelVersions()
        let active = try store.activeVersions()
        var serving: [LoadedModel] = []
        var failures: [Failure] = []
        for version in trained where active[version.classifier] == version.number {
            do throws(ExperimentsError) {
                serving.append(try model(version))
            } catch {
                failures.append(Failure(version: version, error: error))
            }
        }
        return Loaded(models: shipped.listing(trained).serving(serving), failures: failures)
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
