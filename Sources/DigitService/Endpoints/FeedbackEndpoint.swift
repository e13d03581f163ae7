import DigitAPI
import Digits
import Experiments
import HTTPServing

/// `POST /feedback`: bitmaps with their true digits, for the next training.
///
/// In JSON, `digit` beside `bitmap` or `pixels`, or `digits` beside `bitmaps`; in every other form that `/predict` takes, `?digit=7` says
/// the digit of all of them.
struct FeedbackEndpoint: Sendable {
    let experiments: DigitService.Experiments
    /// Most bitmaps in one request.
    let batchLimit: Int

    func respond(to request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let digits = try labelled(request)
        let total = try await experiments.service().addFeedback(digits)
        return .json(FeedbackAnswer(accepted: digits.count, total: total), status: .created)
    }

    private func labelled(_ request: borrowing HTTPRequest) throws -> [(bitmap: Bitmap, digit: UInt8)] {
        let form = try MediaTypes.payloadForm(of: request)
        if form == .json { return try LabelledDigits(json: request.body.span, bitmapLimit: batchLimit).digits }
        let bitmaps = try DigitPayload(request.body.span, form: form, bitmapLimit: batchLimit).bitmaps
        guard let digit = request.query("digit") else { throw DigitsError.missingField(expected: ["?digit="]) }
        guard let value = UInt8(digit), value < DigitDataset.classCount else {
            throw DigitsError.inField("digit", .notADigit(found: "'\(digit)'"))
        }
        return bitmaps.map { ($0, value) }
    }
}
