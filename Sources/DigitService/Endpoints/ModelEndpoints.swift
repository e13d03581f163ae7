import Classifiers
import Experiments
import HTTPServing
import ModelSelection

/// `/models…`: what is in service, with provenance and accuracy, and which version of it.
struct ModelEndpoints: Sendable {
    let models: CurrentModels
    let experiments: ExperimentGate

    func list(_ request: borrowing HTTPRequest) -> HTTPResponse {
        json(models.now.list)
    }

    func model(_ request: borrowing HTTPRequest) -> HTTPResponse {
        do throws(ServiceError) {
            return json(try models.now.model(named: request.parameter("name")).description)
        } catch {
            return error.response(requestID: request.id)
        }
    }

    func version(_ request: borrowing HTTPRequest) -> HTTPResponse {
        do throws(ServiceError) {
            return try version(request.parameter("version"), of: request.parameter("name"))
        } catch {
            return error.response(requestID: request.id)
        }
    }

    private func version(_ text: String, of name: String) throws(ServiceError) -> HTTPResponse {
        let published = models.now
        let versions = published.versions.filter { $0.classifier.rawValue == name }
        // A classifier of which nothing serves may have versions all the same.
        let model = versions.isEmpty ? try published.model(named: name) : try? published.model(named: name)
        if let model, text == "\(model.served.version)" { return json(model.description) }
        guard let version = versions.first(where: { "\($0.version)" == text }) else {
            throw .unknownVersion(model: name, found: text, known: versions.map(\.version))
        }
        return HTTPResponse(headers: JSONBody.headers, body: .bytes(JSONBody.bytes(of: ModelVersionDescription(version))))
    }

    /// The cross-validation report of the search that chose the model: the same document that `digitd train` and experiments write.
    func report(_ request: borrowing HTTPRequest) async -> HTTPResponse {
        let published = models.now
        let model: PublishedModel
        do throws(ServiceError) {
            model = try published.model(named: request.parameter("name"))
        } catch {
            return error.response(requestID: request.id)
        }
        let missing = ServiceError.noReport(model: model.served.name)
        guard let experiment = model.served.experiment else {
            return published.shippedReport.map(json) ?? missing.response(requestID: request.id)
        }
        return await experiments.answer(request.id) { service in
            guard let report = try await service.report(ofExperiment: experiment) else { throw missing }
            return HTTPResponse(headers: JSONBody.headers, body: .bytes(report))
        }
    }

    /// `POST /models/{name}/versions/{version}/activate`: from the next request on that version answers; also the way back.
    func activate(_ request: borrowing HTTPRequest) async -> HTTPResponse {
        let name = request.parameter("name")
        let version = request.parameter("version")
        let reason = "requested by \(request.remoteAddress), request \(request.id)"
        return await experiments.answer(request.id) { service in
            let versions = models.now.versions
            guard let classifier = ClassifierName(rawValue: name), versions.contains(where: { $0.classifier == classifier }) else {
                throw ServiceError.unknownModel(found: name, known: Set(versions.map(\.classifier.rawValue)).sorted())
            }
            let known = versions.filter { $0.classifier == classifier }.map(\.version)
            guard let number = known.first(where: { "\($0)" == version }) else {
                throw ServiceError.unknownVersion(model: name, found: version, known: known)
            }
            try await service.activate(classifier, version: number, reason: reason)
            return json(try models.now.model(named: name).description)
        }
    }

    /// `POST /models/{name}/withdraw`: takes out of service what an experiment has put there and digitd does not bring along.
    func withdraw(_ request: borrowing HTTPRequest) async -> HTTPResponse {
        let name = request.parameter("name")
        let reason = "requested by \(request.remoteAddress), request \(request.id)"
        return await experiments.answer(request.id) { service in
            guard let classifier = ClassifierName(rawValue: name) else {
                throw ServiceError.unknownModel(found: name, known: models.served.map(\.name.rawValue))
            }
            try await service.withdraw(classifier, reason: reason)
            return json(models.now.list)
        }
    }

    private func json(_ body: ConstantBody) -> HTTPResponse {
        HTTPResponse(headers: JSONBody.headers, body: .constant(body))
    }
}
