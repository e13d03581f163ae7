import Experiments

/// What an experiment's stream of events tells.
enum ExperimentEvent: Hashable, Sendable {
    case state(ExperimentState, failure: String?)
    case trials(ExperimentDocument.Progress, best: ExperimentDocument.Best?)
    case notice(String)

    private struct State: Decodable {
        let state: ExperimentState
        let failure: String?
    }

    private struct Trials: Decodable {
        let progress: ExperimentDocument.Progress
        let best: ExperimentDocument.Best?
    }

    private struct Notice: Decodable {
        let message: String
    }

    /// Nil for an event of a name that this digitd does not know.
    ///
    /// - Throws: `HTTPClientError.malformedAnswer` for data that are not what the name says.
    init?(_ event: ServerSentEvent) throws(HTTPClientError) {
        let data = Array(event.data.utf8)
        switch event.name {
        case "state":
            let change = try ServerJSON.decode(State.self, from: data)
            self = .state(change.state, failure: change.failure)
        case "trials":
            let trials = try ServerJSON.decode(Trials.self, from: data)
            self = .trials(trials.progress, best: trials.best)
        case "notice": self = .notice(try ServerJSON.decode(Notice.self, from: data).message)
        default: return nil
        }
    }
}
