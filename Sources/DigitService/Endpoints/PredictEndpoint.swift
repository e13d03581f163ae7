import Classifiers
import Digits
import HTTPServing

/// `POST /predict`: classifies one bitmap or many.
struct PredictEndpoint: Sendable {
    let models: CurrentModels
    /// Most bitmaps in one request.
    let batchLimit: Int

    private static let textHeaders: HTTPHeaders = ["Content-Type": "text/plain; charset=utf-8"]

    func respond(to request: borrowing HTTPRequest) -> HTTPResponse {
        do throws(ServiceError) {
            let entry = try models.now.entry(named: request.query("model"))
            let payload = try payload(of: request)
            return ContentNegotiation.prefersText(request) ? text(payload, entry) : json(payload, entry)
        } catch {
            return error.response(requestID: request.id)
        }
    }

    private func payload(of request: borrowing HTTPRequest) throws(ServiceError) -> DigitPayload {
        let form = try MediaTypes.payloadForm(of: request)
        do throws(DigitsError) {
            return try DigitPayload(request.body.span, form: form, bitmapLimit: batchLimit)
        } catch {
            throw .malformedDigits(error)
        }
    }

    private func json(_ payload: DigitPayload, _ entry: PublishedModels.Entry) -> HTTPResponse {
        var writer: PredictionWriter
        switch payload {
        case .one(let bitmap):
            writer = PredictionWriter(predictionCount: 1)
            writer.appendOpenObject(entry.served.model.prediction(for: bitmap))
        case .many(let bitmaps):
            writer = PredictionWriter(predictionCount: bitmaps.count)
            writer.append("{\"predictions\":[")
            for (index, bitmap) in bitmaps.enumerated() {
                if index > 0 { writer.append(",") }
                writer.appendOpenObject(entry.served.model.prediction(for: bitmap))
                writer.append("}")
            }
            writer.append("]")
        }
        writer.append(entry.answerEnd)
        return HTTPResponse(headers: JSONBody.contentType, body: .bytes(writer.bytes))
    }

    private func text(_ payload: DigitPayload, _ entry: PublishedModels.Entry) -> HTTPResponse {
        var writer = PredictionWriter(predictionCount: 1)
        for bitmap in payload.bitmaps { writer.appendLine(entry.served.model.prediction(for: bitmap)) }
        return HTTPResponse(headers: PredictEndpoint.textHeaders, body: .bytes(writer.bytes))
    }
}
