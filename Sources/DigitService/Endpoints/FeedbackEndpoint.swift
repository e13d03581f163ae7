import Digits
import Experiments
import HTTPServing

/// `POST /feedback`: bitmaps with their true digits, for the next training.
///
/// In JSON, `digit` beside `bitmap` or `pixels`, or `digits` beside `bitmaps`; in every other form that `/predict` takes, `?digit=7` says
/// the digit of all of them.
struct FeedbackEndpoint: Sendable {
    let experiments: ExperimentGate
    /// Most bitmaps in one request.
    let batchLimit: Int

    private struct Answer: Encodable {
        /// Digits that this request brought.
        let accepted: Int
        /// Digits that are kept now.
        let total: Int
    }

    func respond(to request: borrowing HTTPRequest) async -> HTTPResponse {
        let digits: [(bitmap: Bitmap, digit: UInt8)]
        do throws(ServiceError) {
            digits = try labelled(request)
        } catch {
            return error.response(requestID: request.id)
        }
        return await experiments.answer(request.id) { service in
            let total = try await service.addFeedback(digits)
            return HTTPResponse(
                status: .created, headers: JSONBody.headers,
                body: .bytes(JSONBody.bytes(of: Answer(accepted: digits.count, total: total))))
        }
    }

    private func labelled(_ request: borrowing HTTPRequest) throws(ServiceError) -> [(bitmap: Bitmap, digit: UInt8)] {
        let form = try MediaTypes.payloadForm(of: request)
        do throws(DigitsError) {
            guard form == .json else {
                let bitmaps = try DigitPayload(request.body.span, form: form, bitmapLimit: batchLimit).bitmaps
                guard let digit = request.query("digit") else { throw .missingField(expected: ["?digit="]) }
                guard let value = UInt8(digit), value < DigitDataset.classCount else {
                    throw .inField("digit", .notADigit(found: "'\(digit)'"))
                }
                return bitmaps.map { ($0, value) }
            }
            return try LabelledDigits(json: request.body.span, bitmapLimit: batchLimit).digits
        } catch {
            throw ServiceError(error)
        }
    }
}
