import Classifiers
import Experiments
import HTTPServing
import ModelFiles

/// `/models…`: what is in service, with provenance and accuracy, and which version of it.
struct ModelEndpoints: Sendable {
    let models: ServingModels
    let experiments: ExperimentGate

    func list(_ request: borrowing HTTPRequest) -> HTTPResponse {
        json(models.list)
    }

    func model(_ request: borrowing HTTPRequest) -> HTTPResponse {
        do throws(ModelLookupError) {
            return json(try models.model(named: request.parameter("name")).description)
        } catch {
            return ServiceError.noSuchModel(error).response(requestID: request.id)
        }
    }

    /// `GET /models/{name}/versions/{version}`: of a version that is not in memory its document is read.
    func version(_ request: borrowing HTTPRequest) async -> HTTPResponse {
        let set = models.current
        let version: ModelVersion
        do throws(ModelLookupError) {
            version = try set.version(request.parameter("version"), of: request.parameter("name"))
        } catch {
            return ServiceError.noSuchModel(error).response(requestID: request.id)
        }
        if let model = set.loaded(version) { return json(ModelDescription(version: model, in: set)) }
        return await experiments.answer(request.id) { service in
            json(ModelDescription(version: try await service.model(version), in: set))
        }
    }

    /// The cross-validation report of the search that chose the model: the same document that `digitd train` and experiments write.
    func report(_ request: borrowing HTTPRequest) async -> HTTPResponse {
        let report = models.shippedReport
        let model: ServingModel
        do throws(ModelLookupError) {
            model = try models.model(named: request.parameter("name"))
        } catch {
            return ServiceError.noSuchModel(error).response(requestID: request.id)
        }
        let missing = ServiceError.noReport(model: model.loaded.name)
        guard let origin = model.loaded.version.origin else {
            return report.map(json) ?? missing.response(requestID: request.id)
        }
        return await experiments.answer(request.id) { service in
            guard let report = try await service.report(ofExperiment: origin.experiment) else { throw missing }
            return HTTPResponse(headers: JSONBody.headers, body: .bytes(report))
        }
    }

    /// `POST /models/{name}/versions/{version}/activate`: from the next request on that version answers; also the way back.
    func activate(_ request: borrowing HTTPRequest) async -> HTTPResponse {
        let name = request.parameter("name")
        let version = request.parameter("version")
        let reason = "requested by \(request.remoteAddress), request \(request.id)"
        return await experiments.answer(request.id) { service in
            try await service.activate(try models.current.version(version, of: name), reason: reason)
            return json(try models.model(named: name).description)
        }
    }

    /// `POST /models/{name}/withdraw`: takes out of service what an experiment has put there and digitd does not bring along.
    func withdraw(_ request: borrowing HTTPRequest) async -> HTTPResponse {
        let name = request.parameter("name")
        let reason = "requested by \(request.remoteAddress), request \(request.id)"
        return await experiments.answer(request.id) { service in
            guard let classifier = ClassifierName(rawValue: name) else {
                throw ModelLookupError.unknownModel(found: name, known: models.current.models.map(\.name))
            }
            try await service.withdraw(classifier, reason: reason)
            return json(models.list)
        }
    }

    private func json(_ description: ModelDescription) -> HTTPResponse {
        HTTPResponse(headers: JSONBody.headers, body: .bytes(JSONBody.bytes(of: description)))
    }

    private func json(_ body: ConstantBody) -> HTTPResponse {
        HTTPResponse(headers: JSONBody.headers, body: .constant(body))
    }
}
