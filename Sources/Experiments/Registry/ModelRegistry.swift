import Classifiers
import Files
import Foundation
import ModelFiles

/// The models in service: those that digitd brings along, and in their place the versions that experiments have made and that are active.
///
/// Which version is active stands in the database and outlives the server. A change is checked first (the document is read), then written
/// down, then published: whoever asks afterwards gets the new model, and nobody ever a half-made set.
public actor ModelRegistry {
    /// Models and what else there is of them, at one moment.
    public struct Registered: Sendable {
        public let snapshot: ModelSnapshot
        /// All versions that can be put into service, shipped ones too, by classifier and number.
        public let versions: [ModelVersion]
    }

    private let shippedFolder: String
    private let store: ExperimentStore?
    private var shipped: ModelSnapshot
    private var versions: [ModelVersion] = []
    private var served: [ClassifierName: ServedModel] = [:]
    private var publish: (@Sendable (Registered) -> Void)?

    /// - Parameters:
    ///   - shippedFolder: where the models stand that digitd brings along.
    ///   - store: nil where there is no database: then those serve.
    /// - Throws: `ModelFileError` for shipped models that are missing or bad.
    public init(shippedFolder: String, store: ExperimentStore?) throws(ModelFileError) {
        self.shippedFolder = shippedFolder
        self.store = store
        shipped = try ModelSnapshot(folder: shippedFolder)
    }

    /// Loads the active versions.
    ///
    /// - Parameter onBadVersion: is told of an active version that cannot be loaded; the shipped model serves in its place.
    public func load(onBadVersion: @Sendable (ModelVersion, ExperimentsError) -> Void = { _, _ in }) throws -> Registered {
        try load(beside: shipped, onBadVersion: onBadVersion)
    }

    /// All that can fail comes first: where something does, nothing has changed.
    private func load(
        beside shipped: ModelSnapshot, onBadVersion: @Sendable (ModelVersion, ExperimentsError) -> Void
    ) throws -> Registered {
        var served = Dictionary(uniqueKeysWithValues: shipped.models.map { ($0.name, $0) })
        let versions = try store?.modelVersions() ?? []
        if let store {
            for (classifier, number) in try store.activeVersions() where number != ModelVersion.shipped {
                guard let version = versions.first(where: { $0.classifier == classifier && $0.version == number }) else { continue }
                do throws(ExperimentsError) {
                    served[classifier] = try model(version, in: store)
                } catch {
                    onBadVersion(version, error)
                }
            }
        }
        self.shipped = shipped
        self.versions = versions
        self.served = served
        return try registered()
    }

    /// From now on every change is told, before the call that makes it returns.
    public func publishChanges(_ publish: @escaping @Sendable (Registered) -> Void) {
        self.publish = publish
    }

    /// Loads everything again; where a shipped model is bad, or the database cannot be read, all stays as it is.
    ///
    /// - Throws: `ModelFileError` naming the file; `ExperimentsError`.
    public func reload(onBadVersion: @Sendable (ModelVersion, ExperimentsError) -> Void = { _, _ in }) throws {
        let registered = try load(beside: ModelSnapshot(folder: shippedFolder), onBadVersion: onBadVersion)
        publish?(registered)
    }

    /// Puts a version into service; also the way back, to the shipped one too.
    ///
    /// - Parameter reason: who or what wants it, for the audit.
    /// - Throws: `ExperimentsError.unknownModelVersion`, `.badModel` for a document that cannot be read: nothing has changed then.
    public func activate(_ classifier: ClassifierName, version number: Int, reason: String) throws(ExperimentsError) {
        guard let store else { throw .databaseFailed(reason: "there is none") }
        let model: ServedModel
        if number == ModelVersion.shipped, let found = shipped[classifier] {
            model = found
        } else if let version = version(number, of: classifier) {
            model = try self.model(version, in: store)
        } else {
            throw .unknownModelVersion(classifier: classifier, version: "\(number)")
        }
        try store.activate(classifier, version: number, reason: reason)
        served[classifier] = model
        try publishAll()
    }

    /// Takes a classifier out of service that only experiments have brought there; its versions are kept.
    ///
    /// - Throws: `ExperimentsError.cannotWithdraw` for one that digitd brings along, whose version 1 is the way back; `.notServed`.
    public func withdraw(_ classifier: ClassifierName, reason: String) throws(ExperimentsError) {
        guard let store else { throw .databaseFailed(reason: "there is none") }
        guard shipped[classifier] == nil else { throw .cannotWithdraw(classifier) }
        guard served[classifier] != nil else { throw .notServed(classifier) }
        try store.withdraw(classifier, reason: reason)
        served[classifier] = nil
        try publishAll()
    }

    /// Ends an experiment in success: `commit` writes down its versions and which of them serve, and then those do.
    func adopt(_ new: [ExperimentStore.NewVersion], commit: () throws(ExperimentsError) -> Void) throws(ExperimentsError) {
        guard let store else { throw .databaseFailed(reason: "there is none") }
        var promoted: [ClassifierName: ModelDocument] = [:]
        for version in new where version.promotion != nil {
            promoted[version.classifier] = try document(of: version.classifier, version.version, in: store)
        }
        try commit()
        versions = try store.modelVersions()
        for version in versions {
            guard let document = promoted[version.classifier], new.contains(where: { $0.isOf(version) }) else { continue }
            served[version.classifier] = ServedModel(document, version: version.version, experiment: version.experiment?.description)
        }
        try publishAll()
    }

    /// The model that a new one of this classifier has to beat, and where its document stands: the one in service, or, where none of this
    /// classifier is, the one that answers where a request names none.
    func incumbent(of classifier: ClassifierName) -> (model: ServedModel, path: String)? {
        guard let model = served[classifier] ?? (try? registered().snapshot.defaultModel) else { return nil }
        let path =
            model.version == ModelVersion.shipped
            ? "\(shippedFolder)/\(model.name.rawValue).json"
            : store?.folder.modelPath(classifier: model.name, version: model.version)
        return path.map { (model, $0) }
    }

    private func version(_ number: Int, of classifier: ClassifierName) -> ModelVersion? {
        versions.first { $0.classifier == classifier && $0.version == number }
    }

    private func model(_ version: ModelVersion, in store: ExperimentStore) throws(ExperimentsError) -> ServedModel {
        let document = try document(of: version.classifier, version.version, in: store)
        return ServedModel(document, version: version.version, experiment: version.experiment?.description)
    }

    private func document(
        of classifier: ClassifierName, _ version: Int, in store: ExperimentStore
    ) throws(ExperimentsError) -> ModelDocument {
        let path = store.folder.modelPath(classifier: classifier, version: version)
        do throws(ModelFileError) {
            let bytes: [UInt8]
            do throws(FileError) { bytes = try FileBytes.read(path) } catch { throw .file(error) }
            let document = try ModelDocument(bytes: bytes, file: path)
            guard document.classifier == classifier else {
                throw .invalidContent(
                    file: path, field: "classifier", reason: "it holds a \(document.classifier.rawValue); expected \(classifier.rawValue)")
            }
            return document
        } catch {
            throw .badModel(error)
        }
    }

    private func registered() throws(ModelFileError) -> Registered {
        Registered(
            snapshot: try ModelSnapshot(models: Array(served.values), trainingReport: shipped.trainingReport, folder: shippedFolder),
            versions: (shipped.models.map(ModelVersion.init(shipped:)) + versions).sorted {
                ($0.classifier.rawValue, $0.version) < ($1.classifier.rawValue, $1.version)
            })
    }

    private func publishAll() throws(ExperimentsError) {
        do throws(ModelFileError) {
            publish?(try registered())
        } catch {
            throw .badModel(error)
        }
    }
}

extension ExperimentStore.NewVersion {
    fileprivate func isOf(_ kept: ModelVersion) -> Bool { classifier == kept.classifier && version == kept.version }
}
