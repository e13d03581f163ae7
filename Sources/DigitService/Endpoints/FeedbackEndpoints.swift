import DigitAPI
import Digits
import Experiments
import HTTPServing

/// `/feedback`: bitmaps with their true digits, for the next training.
///
/// In JSON, `digit` beside `bitmap` or `pixels`, or `digits` beside `bitmaps`; in every other form that `/predict` takes, `?digit=7` says
/// the digit of all of them. A bitmap that has another digit already is refused, unless `replace` (`?replace=true`) says that the new one is
/// right.
struct FeedbackEndpoints: Sendable {
    let experiments: DigitService.Experiments
    /// Most bitmaps in one request.
    let batchLimit: Int

    static let queryNames = ["digit", "replace"]

    func add(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let (digits, replacesOthers) = try labelled(request)
        let total = try await experiments.service().addFeedback(digits, replacesOthers: replacesOthers)
        return .json(FeedbackAnswer(accepted: digits.count, total: total), status: .created)
    }

    func list(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let limit = try PageQuery.limit(in: request)
        let page = try await experiments.service().feedback(before: try PageQuery.number(in: request), limit: limit)
        return .json(
            FeedbackList(
                feedback: page.digits.map(FeedbackDescription.init), next: page.next.map { "/feedback?cursor=\($0)&limit=\(limit)" }))
    }

    func delete(_ request: borrowing HTTPRequest) async throws -> HTTPResponse {
        let service = try experiments.service()
        let id = request.parameter("id")
        // `+5` and `05` name nothing.
        guard let number = Int(id), "\(number)" == id else { throw ExperimentsError.unknownFeedback(id) }
        // Feedback has no tag.
        try Preconditions(request).require(tag: "")
        try await service.removeFeedback(number)
        return HTTPResponse(status: .noContent)
    }

    private func labelled(
        _ request: borrowing HTTPRequest
    ) throws -> (digits: [(bitmap: Bitmap, digit: UInt8)], replacesOthers: Bool) {
        let form = try MediaTypes.payloadForm(of: request)
        if form == .json {
            for item in request.queryItems {
                throw ServiceError.malformedField(name: item.name, found: "it in the query", expected: "it in the body, which is JSON")
            }
            let labelled = try LabelledDigits(json: request.body.span, bitmapLimit: batchLimit)
            return (labelled.digits, labelled.replacesOthers)
        }
        let bitmaps = try DigitPayload(request.body.span, form: form, bitmapLimit: batchLimit).bitmaps
        guard let digit = request.query("digit") else { throw DigitsError.missingField(expected: ["?digit="]) }
        guard let value = UInt8(digit), value < DigitDataset.classCount else {
            throw DigitsError.inField("digit", .notADigit(found: "'\(digit)'"))
        }
        return (bitmaps.map { ($0, value) }, try replacesOthers(request))
    }

    private func replacesOthers(_ request: borrowing HTTPRequest) throws(ServiceError) -> Bool {
        switch request.query("replace") {
        case nil, "false": false
        case "true": true
        case let text?: throw .malformedField(name: "replace", found: "'\(text)'", expected: "true or false")
        }
    }
}

extension FeedbackDescription {
    fileprivate init(_ digit: CorrectedDigit) {
        self.init(id: digit.id, bitmap: digit.bitmap.hexadecimal, digit: digit.digit, time: digit.time.text)
    }
}
