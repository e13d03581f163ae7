import HTTPServing

/// `GET /models…`: what is in service, with provenance and accuracy.
struct ModelEndpoints: Sendable {
    let models: CurrentModels

    func list(_ request: borrowing HTTPRequest) -> HTTPResponse {
        HTTPResponse(headers: JSONBody.contentType, body: .constant(models.now.list))
    }

    func model(_ request: borrowing HTTPRequest) -> HTTPResponse {
        do throws(ServiceError) {
            let entry = try models.now.entry(named: request.parameter("name"))
            return HTTPResponse(headers: JSONBody.contentType, body: .constant(entry.description))
        } catch {
            return error.response(requestID: request.id)
        }
    }

    func version(_ request: borrowing HTTPRequest) -> HTTPResponse {
        do throws(ServiceError) {
            let entry = try models.now.entry(named: request.parameter("name"))
            let version = request.parameter("version")
            guard version == "\(entry.served.version)" else {
                throw .unknownVersion(model: entry.served.name, found: version, known: [entry.served.version])
            }
            return HTTPResponse(headers: JSONBody.contentType, body: .constant(entry.description))
        } catch {
            return error.response(requestID: request.id)
        }
    }

    /// The cross-validation report of the search that chose the model: the same document that `digitd train` writes.
    func report(_ request: borrowing HTTPRequest) -> HTTPResponse {
        do throws(ServiceError) {
            let published = models.now
            let entry = try published.entry(named: request.parameter("name"))
            guard let report = published.report else { throw .noReport(model: entry.served.name) }
            return HTTPResponse(headers: JSONBody.contentType, body: .constant(report))
        } catch {
            return error.response(requestID: request.id)
        }
    }
}
