import Classifiers
import Digits
import HTTPServing
import ModelFiles

/// `POST /predict`: classifies one bitmap or many.
struct PredictEndpoint: Sendable {
    let models: ServingModels
    /// Most bitmaps in one request.
    let batchLimit: Int

    func respond(to request: borrowing HTTPRequest) -> HTTPResponse {
        do throws(ServiceError) {
            let model = try model(named: request.query("model"))
            let payload = try payload(of: request)
            return ContentNegotiation.prefersText(request) ? text(payload, model) : json(payload, model)
        } catch {
            return error.response(requestID: request.id)
        }
    }

    private func model(named name: String?) throws(ServiceError) -> ServingModel {
        do throws(ModelLookupError) {
            return try models.model(named: name)
        } catch {
            throw .noSuchModel(error)
        }
    }

    private func payload(of request: borrowing HTTPRequest) throws(ServiceError) -> DigitPayload {
        let form = try MediaTypes.payloadForm(of: request)
        do throws(DigitsError) {
            return try DigitPayload(request.body.span, form: form, bitmapLimit: batchLimit)
        } catch {
            throw ServiceError(error)
        }
    }

    private func json(_ payload: DigitPayload, _ serving: ServingModel) -> HTTPResponse {
        let model = serving.loaded.model
        let body =
            switch payload {
            case .one(let bitmap): serving.writer.json(model.prediction(for: bitmap))
            case .many(let bitmaps): serving.writer.json(bitmaps.lazy.map(model.prediction))
            }
        return HTTPResponse(headers: JSONBody.headers, body: .bytes(body))
    }

    /// The digits alone, one a line.
    private func text(_ payload: DigitPayload, _ serving: ServingModel) -> HTTPResponse {
        let model = serving.loaded.model
        var body: [UInt8] = []
        body.reserveCapacity(payload.bitmaps.count * 2)
        for bitmap in payload.bitmaps {
            body.append(UInt8(ascii: "0") + model.digit(for: bitmap))
            body.append(UInt8(ascii: "\n"))
        }
        return HTTPResponse(headers: PredictEndpoint.textHeaders, body: .bytes(body))
    }

    private static let textHeaders: HTTPHeaders = ["Content-Type": "text/plain; charset=utf-8"]
}
