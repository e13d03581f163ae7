import Experiments
import JSONText

/// An experiment as clients see it.
struct ExperimentDescription: Encodable {
    private let experiment: Experiment

    init(_ experiment: Experiment) {
        self.experiment = experiment
    }

    /// An ETag: it changes whenever anything here does.
    static func entityTag(of experiment: Experiment) -> String { "\"\(experiment.id)-\(experiment.revision)\"" }

    static func path(of id: ExperimentID) -> String { "/experiments/\(id)" }

    private struct Links: Encodable {
        let `self`: String
        let events: String
        let report: String
        let cancel: String

        init(_ id: ExperimentID) {
            let path = ExperimentDescription.path(of: id)
            self.`self` = path
            events = "\(path)/events"
            report = "\(path)/report"
            cancel = "\(path)/cancel"
        }
    }

    private enum CodingKeys: CodingKey {
        case id, name, state, request, dataset, created, started, finished, failure, progress, best, models, links
    }

    /// All fields always: what is not known yet is null.
    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(experiment.id, forKey: .id)
        try fields.encode(experiment.request.name, forKey: .name)
        try fields.encode(experiment.state, forKey: .state)
        try fields.encode(experiment.request, forKey: .request)
        try fields.encode(experiment.dataset, forKey: .dataset)
        try fields.encode(experiment.created.text, forKey: .created)
        try fields.encode(experiment.started?.text, forKey: .started)
        try fields.encode(experiment.finished?.text, forKey: .finished)
        try fields.encode(experiment.failure, forKey: .failure)
        try fields.encode(experiment.progress, forKey: .progress)
        try fields.encode(experiment.best, forKey: .best)
        try fields.encode(experiment.models, forKey: .models)
        try fields.encode(Links(experiment.id), forKey: .links)
    }
}

/// A page of the list.
struct ExperimentList: Encodable {
    let experiments: [ExperimentDescription]
    /// The address of the next page; null on the last one.
    @ExplicitNull var next: String?
}
