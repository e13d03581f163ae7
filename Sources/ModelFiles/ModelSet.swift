import Classifiers
import Files

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The models in service at one moment, and the versions that could be.
///
/// Immutable: a request that takes it sees the same models to its end. A change makes another set. At least one model is in service, and
/// every shipped classifier is, in one of its versions.
public struct ModelSet: Sendable {
    /// In service, by name in alphabetical order.
    public let models: [LoadedModel]
    /// What answers where a request does not choose, and why.
    public let defaultChoice: DefaultChoice
    public let defaultModel: LoadedModel
    /// The models that come with digitd, from a folder, in service or not.
    public let shipped: [LoadedModel]
    /// All versions that can be put into service, shipped ones too, by classifier and number.
    public let versions: [ModelVersion]
    /// The report of the search that chose the shipped models, as its bytes stand in the folder; nil where there is none.
    public let trainingReport: [UInt8]?

    /// The report's file name in a folder of models.
    public static let trainingReportFileName = "training-report.json"

    /// The shipped models, all of them in service.
    ///
    /// - Parameter folder: what an error calls the place where they stand.
    /// - Throws: `ModelFileError.noModels` for an empty list.
    public init(shipped: [LoadedModel], trainingReport: [UInt8]?, folder: String) throws(ModelFileError) {
        guard !shipped.isEmpty else { throw .noModels(folder: folder) }
        self.init(shipped: shipped, trained: [], trainingReport: trainingReport, serving: shipped, previousDefault: nil)
    }

    /// Loads every `CLASSIFIER.json` of a folder.
    ///
    /// - Throws: the error of the first file that is not a whole model document; `ModelFileError.noModels` where there is none.
    public init(folder: String) throws(ModelFileError) {
        var shipped: [LoadedModel] = []
        for classifier in ClassifierName.allCases {
            let path = ModelSet.path(of: classifier, in: folder)
            guard FileManager.default.fileExists(atPath: path) else { continue }
            shipped.append(LoadedModel(try ModelDocument(file: path, of: classifier)))
        }
        let reportPath = "\(folder)/\(ModelSet.trainingReportFileName)"
        var report: [UInt8]?
        if FileManager.default.fileExists(atPath: reportPath) {
            do throws(FileError) { report = try FileBytes.read(reportPath) } catch { throw .file(error) }
        }
        try self.init(shipped: shipped, trainingReport: report, folder: folder)
    }

    /// - Precondition: `serving` holds a version of every classifier in `shipped`, which is not empty.
    private init(
        shipped: [LoadedModel], trained: [ModelVersion], trainingReport: [UInt8]?, serving: [LoadedModel], previousDefault: DefaultChoice?
    ) {
        let models = serving.sorted { $0.name.rawValue < $1.name.rawValue }
        let choice = DefaultChoice(among: models, previous: previousDefault)
        self.models = models
        defaultChoice = choice
        // The choice is one of the models, of which there is at least one.
        defaultModel = models.first { $0.name == choice.classifier } ?? models[0]
        self.shipped = shipped
        versions = (shipped.map(\.version) + trained).sorted {
            ($0.classifier.rawValue, $0.number) < ($1.classifier.rawValue, $1.number)
        }
        self.trainingReport = trainingReport
    }

    /// Where a folder of models holds that of a classifier.
    public static func path(of classifier: ClassifierName, in folder: String) -> String { "\(folder)/\(classifier.rawValue).json" }
}

// MARK: - Other sets

extension ModelSet {
    private var trained: [ModelVersion] { versions.filter { $0.origin != nil } }

    /// This set with these models in the place of those of their classifiers.
    public func serving(_ replacements: [LoadedModel]) -> ModelSet {
        let kept = models.filter { model in !replacements.contains { $0.name == model.name } }
        return changed(serving: kept + replacements)
    }

    /// This set with these trained versions beside the shipped ones, in the place of all that were there before.
    public func listing(_ trained: [ModelVersion]) -> ModelSet { changed(trained: trained) }

    /// This set with no model of the classifier in service; its versions stay.
    ///
    /// - Precondition: the classifier is none of the shipped ones.
    public func withdrawing(_ classifier: ClassifierName) -> ModelSet {
        precondition(!shipped.contains { $0.name == classifier }, "a shipped classifier always serves")
        return changed(serving: models.filter { $0.name != classifier })
    }

    /// This set with that choice, where its classifier serves; a choice that is not pinned gives way to a comparable model that is more
    /// accurate.
    public func defaulting(to choice: DefaultChoice) -> ModelSet { changed(default: choice) }

    /// This set with the choice that follows from accuracies, whatever was pinned.
    public func unpinned() -> ModelSet {
        changed(default: DefaultChoice(among: [defaultModel], previous: nil))
    }

    private func changed(
        trained: [ModelVersion]? = nil, serving: [LoadedModel]? = nil, default choice: DefaultChoice? = nil
    ) -> ModelSet {
        ModelSet(
            shipped: shipped, trained: trained ?? self.trained, trainingReport: trainingReport, serving: serving ?? models,
            previousDefault: choice ?? defaultChoice)
    }
}

// MARK: - Looking up

/// Why a set has not what a client names.
public enum ModelLookupError: Error, Hashable, Sendable {
    case unknownModel(found: String, known: [ClassifierName])
    case unknownVersion(model: ClassifierName, found: String, known: [Int])
}

extension ModelSet {
    /// The model of that name that is in service.
    public subscript(name: ClassifierName) -> LoadedModel? {
        models.first { $0.name == name }
    }

    /// The numbers of a classifier's versions, in service or not, the smallest first.
    public func versionNumbers(of classifier: ClassifierName) -> [Int] {
        versions.filter { $0.classifier == classifier }.map(\.number)
    }

    /// The classifiers of which there are versions, in service or not, by name.
    private var classifiers: [ClassifierName] {
        versions.map(\.classifier).reduce(into: []) { names, name in
            if names.last != name { names.append(name) }
        }
    }

    /// The version of that number, spelled as answers spell it, in service or not.
    ///
    /// - Throws: `ModelLookupError`.
    public func version(_ number: String, of name: String) throws(ModelLookupError) -> ModelVersion {
        let known = versions.filter { $0.classifier.rawValue == name }
        guard let classifier = known.first?.classifier else {
            throw .unknownModel(found: name, known: classifiers)
        }
        guard let version = known.first(where: { "\($0.number)" == number }) else {
            throw .unknownVersion(model: classifier, found: number, known: known.map(\.number))
        }
        return version
    }

    /// The model of a version, where it is in memory: in service, or shipped.
    public func loaded(_ version: ModelVersion) -> LoadedModel? {
        (models + shipped).first { $0.version == version }
    }
}
