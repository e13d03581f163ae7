import Experiments
import HTTPServing

/// `/experiments`: queue, list, look at, cancel and delete grid searches.
struct ExperimentEndpoints: Sendable {
    let experiments: ExperimentGate

    private static let pageLimits = 1...100
    private static let defaultPageLimit = 20

    /// 202 with the experiment as it was filled in; the same `Idempotency-Key` and body give the first answer again.
    func submit(_ request: borrowing HTTPRequest) async -> HTTPResponse {
        let body = request.body
        let key = request.header("Idempotency-Key")
        do throws(ServiceError) {
            try MediaTypes.requireJSON(request)
        } catch {
            return error.response(requestID: request.id)
        }
        return await experiments.answer(request.id) { service in
            let submission = try await service.submit(body, key: try key.map { try ExperimentEndpoints.key($0, body) }) {
                JSONBody.bytes(of: ExperimentDescription($0))
            }
            switch submission {
            case .new(let experiment):
                return ExperimentEndpoints.accepted(experiment.id, JSONBody.bytes(of: ExperimentDescription(experiment)))
            case .repeated(let id, let answer):
                return ExperimentEndpoints.accepted(id, answer)
            }
        }
    }

    private static func key(_ text: String, _ body: [UInt8]) throws(ServiceError) -> IdempotencyKey {
        guard let key = IdempotencyKey(text, body: body) else {
            throw .malformedField(
                name: "Idempotency-Key", found: "\(text.utf8.count) characters", expected: "1 to \(IdempotencyKey.lengthLimit)")
        }
        return key
    }

    private static func accepted(_ id: ExperimentID, _ body: [UInt8]) -> HTTPResponse {
        var headers = JSONBody.headers
        headers.add("Location", ExperimentDescription.path(of: id))
        return HTTPResponse(status: .accepted, headers: headers, body: .bytes(body))
    }

    func list(_ request: borrowing HTTPRequest) async -> HTTPResponse {
        let state = request.query("state")
        let limit = request.query("limit")
        let cursor = request.query("cursor")
        return await experiments.answer(request.id) { service in
            let (state, limit, cursor) = (
                try ExperimentEndpoints.state(state), try ExperimentEndpoints.limit(limit), try ExperimentEndpoints.cursor(cursor)
            )
            let page = try await service.experiments(state: state, limit: limit, after: cursor)
            let next = page.next.map { cursor in
                "/experiments?cursor=\(cursor)&limit=\(limit)" + (state.map { "&state=\($0.rawValue)" } ?? "")
            }
            return json(ExperimentList(experiments: page.experiments.map(ExperimentDescription.init), next: next))
        }
    }

    private static func state(_ text: String?) throws(ServiceError) -> ExperimentState? {
        guard let text else { return nil }
        guard let state = ExperimentState(rawValue: text) else {
            let known = ExperimentState.allCases.map(\.rawValue).joined(separator: ", ")
            throw .malformedField(name: "state", found: "'\(text)'", expected: "one of \(known)")
        }
        return state
    }

    private static func limit(_ text: String?) throws(ServiceError) -> Int {
        guard let text else { return defaultPageLimit }
        guard let limit = Int(text), pageLimits.contains(limit) else {
            throw .malformedField(
                name: "limit", found: "'\(text)'", expected: "a whole number from \(pageLimits.lowerBound) to \(pageLimits.upperBound)")
        }
        return limit
    }

    private static func cursor(_ text: String?) throws(ServiceError) -> ExperimentCursor? {
        guard let text else { return nil }
        guard let cursor = ExperimentCursor(text) else {
            throw .malformedField(name: "cursor", found: "'\(text)'", expected: "the cursor of an earlier answer")
        }
        return cursor
    }

    /// The experiment; 304 where the client has it as it is, and when to ask again while it is not finished.
    func experiment(_ request: borrowing HTTPRequest) async -> HTTPResponse {
        let id = request.parameter("id")
        let known = request.header("If-None-Match")
        return await experiments.answer(request.id) { service in
            let experiment = try await service.experiment(try ExperimentEndpoints.id(id))
            let tag = ExperimentDescription.entityTag(of: experiment)
            var headers: HTTPHeaders = ["ETag": tag, "Cache-Control": "no-cache"]
            if !experiment.state.isFinished { headers.add("Retry-After", "\(ExperimentEndpoints.retrySeconds(experiment))") }
            if let known, EntityTags(known).contain(tag) { return HTTPResponse(status: .notModified, headers: headers) }
            headers.add("Content-Type", "application/json")
            return HTTPResponse(headers: headers, body: .bytes(JSONBody.bytes(of: ExperimentDescription(experiment))))
        }
    }

    /// A tenth of what is left, but neither more often than once a second nor less often than twice a minute.
    private static func retrySeconds(_ experiment: Experiment) -> Int {
        Int(min(max(1, (experiment.progress.secondsLeft ?? 10) / 10), 30))
    }

    func cancel(_ request: borrowing HTTPRequest) async -> HTTPResponse {
        let id = request.parameter("id")
        return await experiments.answer(request.id) { service in
            let experiment = try await service.cancel(try ExperimentEndpoints.id(id))
            return ExperimentEndpoints.accepted(experiment.id, JSONBody.bytes(of: ExperimentDescription(experiment)))
        }
    }

    func delete(_ request: borrowing HTTPRequest) async -> HTTPResponse {
        let id = request.parameter("id")
        return await experiments.answer(request.id) { service in
            try await service.delete(try ExperimentEndpoints.id(id))
            return HTTPResponse(status: .noContent)
        }
    }

    /// - Throws: `ExperimentsError.unknownExperiment` for what names none.
    static func id(_ text: String) throws(ExperimentsError) -> ExperimentID {
        guard let id = ExperimentID(text) else { throw .unknownExperiment(text) }
        return id
    }

    private func json(_ value: some Encodable) -> HTTPResponse {
        HTTPResponse(headers: JSONBody.headers, body: .bytes(JSONBody.bytes(of: value)))
    }
}
