import DigitAPI
import Experiments
import HTTPServing
import ModelSelection

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `/experiments`: queue, list, look at, cancel, retry and delete grid searches, and read their reports.
struct ExperimentEndpoints: Sendable {
    let experiments: DigitService.Experiments

    /// 202 with the experiment as it was filled in; the same `Idempotency-Key` and body give the first answer again.
    func submit(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        try MediaTypes.requireJSON(request)
        let submission = try await experiments.service().submit(request.body, key: try idempotencyKey(of: request)) {
            JSONAnswer.bytes(of: $0.description)
        }
        return switch submission {
        case .new(let experiment): accepted(experiment)
        case .repeated(let id, let answer): .json(bytes: answer, status: .accepted, location: ExperimentDescription.path(of: id))
        }
    }

    func list(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let service = try experiments.service()
        let (state, limit, cursor) = (try state(in: request), try PageQuery.limit(in: request), try cursor(in: request))
        let page = try await service.experiments(state: state, limit: limit, after: cursor)
        let next = page.next.map { cursor in
            "/experiments?cursor=\(cursor)&limit=\(limit)" + (state.map { "&state=\($0.rawValue)" } ?? "")
        }
        return .json(ExperimentList(experiments: page.experiments.map(\.description), next: next))
    }

    /// The experiment; 304 where the client has it as it is, and when to ask again while it is not finished.
    func experiment(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let experiment = try await experiments.service().experiment(try request.experimentID())
        var response = HTTPResponse.json(
            bytes: JSONAnswer.bytes(of: experiment.description), tag: ExperimentEndpoints.entityTag(of: experiment), answering: request)
        if !experiment.state.isFinished { response.headers.add("Retry-After", "\(ExperimentEndpoints.retrySeconds(experiment))") }
        return response
    }

    func cancel(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        accepted(try await experiments.service().cancel(try request.experimentID()))
    }

    func retry(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        accepted(try await experiments.service().retry(try request.experimentID()))
    }

    func delete(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let service = try experiments.service()
        let id = try request.experimentID()
        // What can be deleted is finished, and does not change any more.
        try Preconditions(request).require(tag: ExperimentEndpoints.entityTag(of: try await service.experiment(id)))
        try await service.delete(id)
        return HTTPResponse(status: .noContent)
    }

    /// `GET /experiments/{id}/report`: the cross-validation report, of what there is so far where the experiment is not finished.
    func report(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let report = try await experiments.service().report(of: try request.experimentID())
        guard ContentNegotiation.prefersCSV(request) else {
            return HTTPResponse(headers: ContentNegotiation.jsonHeaders, body: .bytes(report))
        }
        let results = try JSONDecoder().decode(SearchReport.self, from: Data(report)).cvResults
        return HTTPResponse(
            headers: ["Content-Type": "text/csv; charset=utf-8; header=present", "Vary": "Accept"],
            body: .bytes(Array(results.commaSeparated().utf8)))
    }

    private func accepted(_ experiment: Experiment) -> HTTPResponse {
        .json(experiment.description, status: .accepted, location: ExperimentDescription.path(of: experiment.id))
    }

    /// It changes whenever anything in the description does.
    private static func entityTag(of experiment: Experiment) -> String { "\"\(experiment.id)-\(experiment.revision)\"" }

    /// A tenth of what is left, but neither more often than once a second nor less often than twice a minute.
    private static func retrySeconds(_ experiment: Experiment) -> Int {
        Int(min(max(1, (experiment.progress.secondsLeft ?? 10) / 10), 30))
    }
}

// MARK: - What requests say

extension ExperimentEndpoints {
    private func idempotencyKey(of request: borrowing HTTPRequest) throws(ServiceError) -> IdempotencyKey? {
        guard let text = request.header("Idempotency-Key") else { return nil }
        guard let key = IdempotencyKey(text, body: request.body) else {
            throw .malformedField(
                name: "Idempotency-Key", found: "\(text.utf8.count) characters", expected: "1 to \(IdempotencyKey.lengthLimit)")
        }
        return key
    }

    private func state(in request: borrowing HTTPRequest) throws(ServiceError) -> ExperimentState? {
        guard let text = request.query("state") else { return nil }
        guard let state = ExperimentState(rawValue: text) else {
            let known = ExperimentState.allCases.map(\.rawValue).joined(separator: ", ")
            throw .malformedField(name: "state", found: "'\(text)'", expected: "one of \(known)")
        }
        return state
    }

    private func cursor(in request: borrowing HTTPRequest) throws(ServiceError) -> ExperimentCursor? {
        guard let text = request.query("cursor") else { return nil }
        guard let cursor = ExperimentCursor(text) else {
            throw .malformedField(name: "cursor", found: "'\(text)'", expected: "the cursor of an earlier answer")
        }
        return cursor
    }
}

extension HTTPRequest {
    /// The experiment that the path names.
    ///
    /// - Throws: `ExperimentsError.unknownExperiment` for what names none.
    func experimentID() throws(ExperimentsError) -> ExperimentID {
        let text = parameter("id")
        guard let id = ExperimentID(text) else { throw .unknownExperiment(text) }
        return id
    }
}
