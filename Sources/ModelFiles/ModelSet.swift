import Classifiers
import Files

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A model in service.
public struct ServedModel: Sendable {
    /// The classifier's spelling: by this name clients ask for it.
    public let name: ClassifierName
    /// 1 for the model that a folder of models holds.
    public let version: Int
    public let model: any ClassifierModel
    public let training: TrainingProvenance
    /// The experiment that made it; nil for the model that a folder of models holds.
    public let experiment: String?

    public init(_ document: ModelDocument, version: Int, experiment: String? = nil) {
        name = document.classifier
        self.version = version
        model = document.model
        training = document.training
        self.experiment = experiment
    }
}

/// The models in service at one moment: immutable, so that a request that took it sees the same models to its end.
public struct ModelSnapshot: Sendable {
    /// At least one, by name in alphabetical order.
    public let models: [ServedModel]
    /// What answers where a request does not choose: the model of the highest cross-validated accuracy, the first of equals.
    public let defaultModel: ServedModel
    /// The report of the search that chose the models, as its bytes stand in the folder; nil where there is none.
    public let trainingReport: [UInt8]?

    /// The report's file name in a folder of models.
    public static let trainingReportFileName = "training-report.json"

    /// - Throws: `ModelFileError.noModels` for an empty list.
    public init(models: [ServedModel], trainingReport: [UInt8]?, folder: String) throws(ModelFileError) {
        let sorted = models.sorted { $0.name.rawValue < $1.name.rawValue }
        guard let first = sorted.first else { throw .noModels(folder: folder) }
        self.models = sorted
        defaultModel = sorted.dropFirst().reduce(first) { best, model in
            model.training.crossValidation.accuracyMean > best.training.crossValidation.accuracyMean ? model : best
        }
        self.trainingReport = trainingReport
    }

    /// Loads every `CLASSIFIER.json` of a folder.
    ///
    /// - Throws: the error of the first file that is not a whole model document; `ModelFileError.noModels` where there is none.
    public init(folder: String) throws(ModelFileError) {
        var models: [ServedModel] = []
        for classifier in ClassifierName.allCases {
            let path = "\(folder)/\(classifier.rawValue).json"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            let document = try ModelDocument(bytes: ModelSnapshot.bytes(of: path), file: path)
            guard document.classifier == classifier else {
                throw .invalidContent(
                    file: path, field: "classifier", reason: "it holds a \(document.classifier.rawValue); expected \(classifier.rawValue)")
            }
            models.append(ServedModel(document, version: 1))
        }
        let reportPath = "\(folder)/\(ModelSnapshot.trainingReportFileName)"
        let report = FileManager.default.fileExists(atPath: reportPath) ? try ModelSnapshot.bytes(of: reportPath) : nil
        try self.init(models: models, trainingReport: report, folder: folder)
    }

    public subscript(name: ClassifierName) -> ServedModel? {
        models.first { $0.name == name }
    }

    private static func bytes(of path: String) throws(ModelFileError) -> [UInt8] {
        do {
            return try FileBytes.read(path)
        } catch {
            throw .file(error)
        }
    }
}
