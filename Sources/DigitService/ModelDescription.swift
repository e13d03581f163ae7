import Classifiers
import Experiments
import JSONText
import ModelFiles
import ModelSelection

/// A model in service, as `GET /models/{name}` describes it: parameters, provenance, accuracy.
struct ModelDescription: Encodable {
    let name: ClassifierName
    let version: Int
    /// All versions that can be put into service.
    let versions: [Int]
    /// The experiment that made it; null for the model that digitd brings along.
    @ExplicitNull var experiment: String?
    /// Whether it answers where a request names no model.
    let isDefault: Bool
    let parameters: ParameterValues
    /// The digits it can answer.
    let classes: [UInt8]
    let accuracy: Accuracy
    let dataset: SearchReport.Dataset
    let seed: UInt64
    let digitdVersion: String
    let trainingReport: TrainingReport
    let links: Links

    /// Of the cross-validation that chose the parameters.
    struct Accuracy: Encodable {
        let mean: Double
        let standardDeviation: Double
        let folds: Int

        init(_ crossValidation: TrainingProvenance.CrossValidation) {
            mean = crossValidation.accuracyMean
            standardDeviation = crossValidation.accuracyStandardDeviation
            folds = crossValidation.folds
        }
    }

    struct Links: Encodable {
        let `self`: String
        let version: String
        let report: String
        let predict: String
    }

    private enum CodingKeys: String, CodingKey {
        case name, version, versions, experiment, parameters, classes, accuracy, dataset, seed, digitdVersion, trainingReport, links
        case isDefault = "default"
    }

    init(_ served: ServedModel, isDefault: Bool, versions: [Int]) {
        name = served.name
        version = served.version
        self.versions = versions
        experiment = served.experiment
        self.isDefault = isDefault
        parameters = ModelDescription.parameters(of: served.model)
        classes = served.model.classes
        accuracy = Accuracy(served.training.crossValidation)
        dataset = served.training.dataset
        seed = served.training.seed
        digitdVersion = served.training.digitdVersion
        trainingReport = served.model.trainingReport
        let path = "/models/\(served.name.rawValue)"
        links = Links(
            self: path, version: "\(path)/versions/\(served.version)", report: "\(path)/report",
            predict: "/predict?model=\(served.name.rawValue)")
    }

    private static func parameters<Model: ClassifierModel>(of model: Model) -> ParameterValues { model.parameters.values }
}
