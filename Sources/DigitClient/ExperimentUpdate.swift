import Experiments

/// An event of an experiment's stream, as far as the command line shows it.
package enum ExperimentUpdate: Hashable, Sendable {
    case state(ExperimentState, failure: String?)
    case trials(ExperimentDocument.Progress, best: ExperimentDocument.Best?)
    case notice(String)

    private struct State: Decodable {
        package let state: ExperimentState
        package let failure: String?
    }

    private struct Trials: Decodable {
        package let progress: ExperimentDocument.Progress
        package let best: ExperimentDocument.Best?
    }

    private struct Notice: Decodable {
        package let message: String
    }

    /// Nil for an event of a name that this digitd does not know.
    ///
    /// - Throws: `HTTPClientError.malformedAnswer` for data that are not what the name says.
    package init?(_ event: ServerSentEvent) throws(HTTPClientError) {
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
