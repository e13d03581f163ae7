import Classifiers
import DigitAPI
import Experiments
import HTTPServing
import JSONText
import ModelFiles

/// `/models…`: what is in service, with provenance and accuracy, and which version of it.
struct ModelEndpoints: Sendable {
    let models: ServingModels
    let experiments: DigitService.Experiments
    private let changes = ChangeQueue()

    init(models: ServingModels, experiments: DigitService.Experiments) {
        self.models = models
        self.experiments = experiments
    }

    func list(_ request: borrowing HTTPRequest) -> HTTPResponse {
        .json(constant: models.answers.list)
    }

    func model(_ request: borrowing HTTPRequest) throws -> HTTPResponse {
        try described(request)
    }

    /// `GET /models/{name}/versions/{version}`: of a version that is not in memory the document is read.
    func version(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let set = models.current
        let version = try set.version(request.parameter("version"), of: request.parameter("name"))
        let model = if let loaded = set.loaded(version) { loaded } else { try await experiments.service().model(version) }
        return .json(ModelDescription(version: model, in: set))
    }

    /// The cross-validation report of the search that chose the model: the same document that `digitd train` and experiments write.
    func report(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let shippedReport = models.answers.shippedReport
        let version = try models.model(named: request.parameter("name")).loaded.version
        guard let origin = version.origin else {
            guard let shippedReport else { throw ServiceError.noReport(model: version.classifier) }
            return .json(constant: shippedReport)
        }
        guard let report = try await experiments.service().report(ofExperiment: origin.experiment) else {
            throw ServiceError.noReport(model: version.classifier)
        }
        return .json(bytes: report)
    }

    /// `POST /models/{name}/versions/{version}/activate`: from the next request on that version answers; also the way back.
    func activate(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let service = try experiments.service()
        let version = try models.current.version(request.parameter("version"), of: request.parameter("name"))
        try await service.activate(version, reason: reason(request))
        return try described(request)
    }

    /// `POST /models/{name}/withdraw`: takes out of service what an experiment has put there and digitd does not bring along.
    func withdraw(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let service = try experiments.service()
        let name = request.parameter("name")
        guard let classifier = ClassifierName(rawValue: name) else {
            throw ModelLookupError.unknownModel(found: name, known: models.current.models.map(\.name))
        }
        try await service.withdraw(classifier, reason: reason(request))
        return list(request)
    }

    /// `GET /models/default`: what answers where a request names no model, and why.
    func defaultModel(_ request: borrowing HTTPRequest) -> HTTPResponse { .json(bytes: defaultModel, answering: request) }

    private var defaultModel: [UInt8] { JSONAnswer.bytes(of: DefaultModel(models.current.defaultChoice)) }

    /// `PUT /models/default`: pins a classifier, or takes the pin away.
    func pinDefault(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        try MediaTypes.requireJSON(request)
        let service = try experiments.service()
        let classifier = try DefaultModelRequest(body: request.body, known: models.current.models.map(\.name)).model
        let preconditions = Preconditions(request)
        try await changes.run { [reason = reason(request)] in
            try preconditions.require(tag: EntityTags.tag(of: defaultModel))
            try await service.pinDefault(classifier, reason: reason)
        }
        return .json(bytes: defaultModel)
    }

    /// `GET /models/audit`: every change of the models, newest first.
    func audit(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let service = try experiments.service()
        let limit = try PageQuery.limit(in: request)
        let page = try await service.modelChanges(before: try PageQuery.number(in: request), limit: limit)
        return .json(
            ModelAudit(
                changes: page.changes.map(ModelChangeDescription.init),
                next: page.next.map { "/models/audit?cursor=\($0)&limit=\(limit)" }))
    }

    private func described(_ request: borrowing HTTPRequest) throws(ModelLookupError) -> HTTPResponse {
        .json(constant: try models.model(named: request.parameter("name")).answers.description)
    }

    /// For the audit.
    private func reason(_ request: borrowing HTTPRequest) -> String { "requested by \(request.remoteAddress), request \(request.id)" }
}

extension DefaultModelRequest {
    /// - Throws: `ServiceError.malformedField`, `ModelLookupError.unknownModel`.
    fileprivate init(body: [UInt8], known: [ClassifierName]) throws {
        let object = try? JSONValue(body.span)
        if case .object(let fields)? = object, let stranger = fields.keys.filter({ $0 != "model" }).min() {
            throw ServiceError.unknownField(name: stranger, place: .body, known: ["model"])
        }
        guard case .object(let fields)? = object, let value = fields["model"] else {
            throw ServiceError.malformedField(
                name: "the body", found: "something else", expected: "an object with the field 'model', the name of a model or null")
        }
        switch value {
        case .null: self.init(model: nil)
        case .string(let name):
            guard let classifier = ClassifierName(rawValue: name) else { throw ModelLookupError.unknownModel(found: name, known: known) }
            self.init(model: classifier)
        default: throw ServiceError.malformedField(name: "model", found: "\(value)", expected: "the name of a model, or null")
        }
    }
}
