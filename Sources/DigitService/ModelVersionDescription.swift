import Classifiers
import Experiments
import JSONText
import ModelSelection

/// A version of a model that is kept and does not serve, as `GET /models/{name}/versions/{v}` describes it.
struct ModelVersionDescription: Encodable {
    let name: ClassifierName
    let version: Int
    let active = false
    let accuracy: ModelDescription.Accuracy
    let dataset: SearchReport.Dataset
    let seed: UInt64
    let digitdVersion: String
    @ExplicitNull var experiment: String?
    @ExplicitNull var created: String?
    let links: [String: String]

    init(_ version: ModelVersion) {
        name = version.classifier
        self.version = version.version
        accuracy = ModelDescription.Accuracy(version.provenance.crossValidation)
        dataset = version.provenance.dataset
        seed = version.provenance.seed
        digitdVersion = version.provenance.digitdVersion
        experiment = version.experiment?.description
        created = version.created?.text
        let path = "/models/\(version.classifier.rawValue)/versions/\(version.version)"
        links = ["self": path, "activate": "\(path)/activate"]
    }
}
