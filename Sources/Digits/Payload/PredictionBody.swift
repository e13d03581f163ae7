import JSONText

/// What the body of a request for predictions says: digits, and in JSON, where it likes, which model is to answer.
public struct PredictionBody: Hashable, Sendable {
    private static let ownNames = ["model", "version"]

    public let payload: DigitPayload
    /// The field `model`, a name; nil where there is none.
    public private(set) var model: String?
    /// The field `version`, a whole number as it is spelled; nil where there is none.
    public private(set) var version: String?

    /// - Parameter bitmapLimit: how many bitmaps a form for many may hold.
    /// - Throws: `DigitsError` as `DigitPayload.init`, and for a model that is no text or a version that is no number.
    public init(_ bytes: borrowing Span<UInt8>, form: PayloadForm, bitmapLimit: Int) throws(DigitsError) {
        guard form == .json else {
            payload = try DigitPayload(bytes, form: form, bitmapLimit: bitmapLimit)
            return
        }
        let (payload, hasOthers) = try JSONDigits.read(bytes, bitmapLimit: bitmapLimit, otherNames: PredictionBody.ownNames)
        self.payload = payload
        if hasOthers { try readChoice(bytes) }
    }

    private mutating func readChoice(_ bytes: borrowing Span<UInt8>) throws(DigitsError) {
        var cursor = JSONCursor<DigitsError>()
        try cursor.expect(.object, bytes)
        cursor.enter()
        var isFirst = true
        while let key = try cursor.nextKey(bytes, isFirst: &isFirst) {
            switch key {
            case "model":
                guard model == nil else { throw .conflictingFields([key]) }
                do throws(DigitsError) {
                    try cursor.expect(.string, bytes, "the name of a model")
                    model = String(decoding: try cursor.string(bytes), as: UTF8.self)
                } catch {
                    throw .inField(key, error)
                }
            case "version":
                guard version == nil else { throw .conflictingFields([key]) }
                do throws(DigitsError) {
                    try cursor.expect(.number, bytes, "the number of a version")
                    version = bytes.excerpt(try cursor.number(bytes))
                } catch {
                    throw .inField(key, error)
                }
            default:
                // The digits, which have been read.
                try cursor.skipValue(bytes, depth: 1)
            }
        }
    }
}
