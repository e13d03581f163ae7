import Digits
import HTTPServing
import Threads

/// `POST /predict`: classifies one bitmap or many.
///
/// What is soon done is answered at once. A long body, or a batch that takes its model long, goes to threads of its own: the other clients of
/// this connection's thread do not wait for it.
struct PredictEndpoint: Sendable {
    let models: ServingModels
    /// Most bitmaps in one request.
    let batchLimit: Int
    /// Where long requests are worked off.
    let pool: ThreadPool

    /// A longer body is many bitmaps, and not read on the connection's thread: each form of a single one is shorter.
    private static let quickBodyBytes = 16 << 10

    func reply(to request: borrowing HTTPRequest) throws -> ProblemAdapter.ThrowingReply {
        let choice = try ModelChoice(request)
        // Refused before its body is looked at, where the query says it all.
        if choice.model != nil { _ = try models.model(choice) }
        let form = try MediaTypes.payloadForm(of: request)
        let prefersText = ContentNegotiation.prefersText(request)
        guard request.body.count <= PredictEndpoint.quickBodyBytes else {
            return .later { [body = request.body] in
                try await pool.run {
                    let (payload, model) = try read(body, form, choice)
                    return await respondByParts(payload, model, prefersText)
                }
            }
        }
        let (payload, model) = try read(request.body, form, choice)
        if case .many(let bitmaps) = payload, bitmaps.count > model.quickBitmapCount {
            return .later { await pool.run { await respondByParts(payload, model, prefersText) } }
        }
        return .now(respond(payload, model, prefersText))
    }

    private func read(_ body: [UInt8], _ form: PayloadForm, _ choice: ModelChoice) throws -> (DigitPayload, ServingModel) {
        let body = try PredictionBody(body.span, form: form, bitmapLimit: batchLimit)
        return (body.payload, try models.model(choice.completed(by: body)))
    }

    private func respond(_ payload: DigitPayload, _ model: ServingModel, _ prefersText: Bool) -> HTTPResponse {
        prefersText ? text(payload, model) : json(payload, model)
    }

    /// On the threads of the pool, all of them for one batch.
    private func respondByParts(_ payload: DigitPayload, _ model: ServingModel, _ prefersText: Bool) async -> HTTPResponse {
        guard case .many(let bitmaps) = payload else { return respond(payload, model, prefersText) }
        return prefersText
            ? text(await model.digits(ofBatch: bitmaps))
            : json(model.answers.writer.json(await model.predictions(ofBatch: bitmaps)))
    }

    private func json(_ payload: DigitPayload, _ model: ServingModel) -> HTTPResponse {
        switch payload {
        case .one(let bitmap): json(model.answers.writer.json(model.prediction(for: bitmap)))
        case .many(let bitmaps): json(model.answers.writer.json(model.predictions(for: bitmaps)))
        }
    }

    private func json(_ bytes: [UInt8]) -> HTTPResponse {
        HTTPResponse(headers: ContentNegotiation.jsonHeaders, body: .bytes(bytes))
    }

    private func text(_ payload: DigitPayload, _ model: ServingModel) -> HTTPResponse {
        text(model.digits(for: payload.bitmaps))
    }

    /// The digits alone, one a line.
    private func text(_ digits: some RandomAccessCollection<UInt8>) -> HTTPResponse {
        var body: [UInt8] = []
        body.reserveCapacity(digits.count * 2)
        for digit in digits {
            body.append(UInt8(ascii: "0") + digit)
            body.append(UInt8(ascii: "\n"))
        }
        return HTTPResponse(headers: PredictEndpoint.textHeaders, body: .bytes(body))
    }

    private static let textHeaders: HTTPHeaders = ["Content-Type": "text/plain; charset=utf-8", "Vary": "Accept"]
}
