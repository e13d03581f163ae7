import Digits
import HTTPServing

/// `POST /predict`: classifies one bitmap or many.
struct PredictEndpoint: Sendable {
    let models: ServingModels
    /// Most bitmaps in one request.
    let batchLimit: Int

    func respond(to request: borrowing HTTPRequest) throws -> HTTPResponse {
        let model = try models.model(named: request.query("model"))
        let payload = try DigitPayload(
            request.body.span, form: MediaTypes.payloadForm(of: request), bitmapLimit: batchLimit)
        return ContentNegotiation.prefersText(request) ? text(payload, model) : json(payload, model)
    }

    private func json(_ payload: DigitPayload, _ model: ServingModel) -> HTTPResponse {
        switch payload {
        case .one(let bitmap): .json(bytes: model.answers.writer.json(model.prediction(for: bitmap)))
        case .many(let bitmaps): .json(bytes: model.answers.writer.json(model.predictions(for: bitmaps)))
        }
    }

    /// The digits alone, one a line.
    private func text(_ payload: DigitPayload, _ model: ServingModel) -> HTTPResponse {
        let digits = model.digits(for: payload.bitmaps)
        var body: [UInt8] = []
        body.reserveCapacity(digits.count * 2)
        for digit in digits {
            body.append(UInt8(ascii: "0") + digit)
            body.append(UInt8(ascii: "\n"))
        }
        return HTTPResponse(headers: PredictEndpoint.textHeaders, body: .bytes(body))
    }

    private static let textHeaders: HTTPHeaders = ["Content-Type": "text/plain; charset=utf-8"]
}
