import Classifiers
import ModelFiles
import ModelSelection

/// A model in service, as `GET /models/{name}` describes it: parameters, provenance, accuracy.
struct ModelDescription: Encodable {
    let name: ClassifierName
    let version: Int
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
    }

    struct Links: Encodable {
        let `self`: String
        let version: String
        let report: String
        let predict: String
    }

    private enum CodingKeys: String, CodingKey {
        case name, version, parameters, classes, accuracy, dataset, seed, digitdVersion, trainingReport, links
        case isDefault = "default"
    }

    init(_ served: ServedModel, isDefault: Bool) {
        name = served.name
        version = served.version
        self.isDefault = isDefault
        parameters = ModelDescription.parameters(of: served.model)
        classes = served.model.classes
        accuracy = Accuracy(
            mean: served.training.crossValidation.accuracyMean,
            standardDeviation: served.training.crossValidation.accuracyStandardDeviation,
            folds: served.training.crossValidation.folds)
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
