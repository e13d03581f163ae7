import Classifiers
import Experiments
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
    let experiment: String?
    let created: String?
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

    private enum CodingKeys: CodingKey {
        case name, version, active, accuracy, dataset, seed, digitdVersion, experiment, created, links
    }

    /// All fields always: the model that digitd brings along has no experiment, and was not made here.
    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(version, forKey: .version)
        try fields.encode(active, forKey: .active)
        try fields.encode(accuracy, forKey: .accuracy)
        try fields.encode(dataset, forKey: .dataset)
        try fields.encode(seed, forKey: .seed)
        try fields.encode(digitdVersion, forKey: .digitdVersion)
        try fields.encode(experiment, forKey: .experiment)
        try fields.encode(created, forKey: .created)
        try fields.encode(links, forKey: .links)
    }
}
