import HTTPServing

/// `GET /models…`: what is in service, with provenance and accuracy.
struct ModelEndpoints: Sendable {
    let models: CurrentModels

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
            let model = try models.now.model(named: request.parameter("name"))
            let version = request.parameter("version")
            guard version == "\(model.served.version)" else {
                throw .unknownVersion(model: model.served.name, found: version, known: [model.served.version])
            }
            return json(model.description)
        } catch {
            return error.response(requestID: request.id)
        }
    }

    /// The cross-validation report of the search that chose the model: the same document that `digitd train` writes.
    func report(_ request: borrowing HTTPRequest) -> HTTPResponse {
        do throws(ServiceError) {
            let published = models.now
            let model = try published.model(named: request.parameter("name"))
            guard let report = published.report else { throw .noReport(model: model.served.name) }
            return json(report)
        } catch {
            return error.response(requestID: request.id)
        }
    }

    private func json(_ body: ConstantBody) -> HTTPResponse {
        HTTPResponse(headers: JSONBody.headers, body: .constant(body))
    }
}
