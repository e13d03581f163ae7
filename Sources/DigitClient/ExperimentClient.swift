import DigitAPI
import HTTPServing
import JSONText

/// A digitd server's experiments, asked for over HTTP.
package struct ExperimentClient: Sendable {
    package let server: ServerAddress
    package var timeouts = HTTPExchange.Timeouts()

    /// The form of a report.
    package enum ReportForm: String, Sendable {
        case json = "application/json"
        case csv = "text/csv"
    }

    package init(server: ServerAddress, timeouts: HTTPExchange.Timeouts = HTTPExchange.Timeouts()) {
        self.server = server
        self.timeouts = timeouts
    }

    /// Asks for a new experiment.
    ///
    /// Where the connection breaks nobody knows whether the server has taken the experiment. It is then asked once more with the same key,
    /// by which the server tells a repetition from a second experiment.
    /// - Parameter key: unlike any other request's.
    /// - Throws: `HTTPClientError`, `ServerProblem`.
    package func submit(_ request: NewExperiment, key: String) throws -> ExperimentDescription {
        let body = try JSONWriter.line(of: request)
        let headers: HTTPHeaders = ["Content-Type": "application/json", "Idempotency-Key": key]
        do {
            return try answer(.post, "/experiments", headers: headers, body: body)
        } catch HTTPClientError.connectionBroken {
            return try answer(.post, "/experiments", headers: headers, body: body)
        }
    }

    package func experiment(_ id: ExperimentID) throws -> ExperimentDescription {
        try answer(.get, path(id))
    }

    /// Ends an experiment before its time; gives what it is then.
    package func cancel(_ id: ExperimentID) throws -> ExperimentDescription {
        try answer(.post, path(id) + "/cancel")
    }

    /// Queues what has failed of a finished experiment again; gives what it is then.
    package func retry(_ id: ExperimentID) throws -> ExperimentDescription {
        try answer(.post, path(id) + "/retry")
    }

    /// The newest experiments, at most `limit`, from as many pages as that takes.
    ///
    /// - Parameter type: what each is read as.
    package func experiments<Description: Codable & Sendable>(
        _ type: Description.Type, state: ExperimentState?, limit: Int
    ) throws -> [Description] {
        try server.pages("/experiments", query: state.map { "&state=\($0.rawValue)" } ?? "", limit: limit, timeouts: timeouts) {
            (page: ExperimentList<Description>) in (page.experiments, page.next)
        }
    }

    package func report(_ id: ExperimentID, form: ReportForm) throws -> [UInt8] {
        try exchange(.get, path(id) + "/report", headers: ["Accept": form.rawValue]).body()
    }

    /// The stream of an experiment's events after `lastEventID`; nil where none will follow it.
    package func events(_ id: ExperimentID, after lastEventID: String?) throws -> HTTPExchange? {
        var headers: HTTPHeaders = ["Accept": "text/event-stream"]
        if let lastEventID, !lastEventID.isEmpty { headers.add("Last-Event-ID", lastEventID) }
        let exchange = try exchange(.get, path(id) + "/events", headers: headers)
        return exchange.head.status == .noContent ? nil : exchange
    }

    /// Where a browser or another program finds an experiment.
    package func link(to id: ExperimentID) -> String { "\(server)\(path(id))" }

    private func path(_ id: ExperimentID) -> String { ExperimentDescription.path(of: id) }

    private func answer<Value: Decodable>(
        _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: [UInt8] = []
    ) throws -> Value {
        try server.answer(method, target, headers: headers, body: body, timeouts: timeouts)
    }

    /// - Throws: `ServerProblem` for a status that is no success.
    private func exchange(_ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:]) throws -> HTTPExchange {
        try server.exchange(method, target, headers: headers, timeouts: timeouts)
    }
}
