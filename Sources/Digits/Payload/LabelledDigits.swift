import JSONText

/// Bitmaps with their true digits, as JSON: `digit` beside `bitmap` or `pixels`, or `digits`, one each, beside `bitmaps`.
public struct LabelledDigits: Sendable {
    private static let ownNames = ["digit", "digits", "replace"]

    public let digits: [(bitmap: Bitmap, digit: UInt8)]
    /// Whether they take the place of other digits that were given for the same bitmaps: the field `replace`.
    public let replacesOthers: Bool

    /// - Parameter bitmapLimit: how many bitmaps there may be.
    /// - Throws: `DigitsError`: as `DigitPayload.init`, and for a field of another name, a label that is missing, or none of 0 to 9, and for
    ///   one bitmap with two labels.
    public init(json bytes: borrowing Span<UInt8>, bitmapLimit: Int) throws(DigitsError) {
        let payload = try JSONDigits.read(bytes, bitmapLimit: bitmapLimit, otherNames: LabelledDigits.ownNames).payload
        let (labels, replacesOthers) = try LabelledDigits.labels(bytes)
        self.replacesOthers = replacesOthers
        switch (payload, labels) {
        case (.one(let bitmap), .one(let digit)):
            digits = [(bitmap, digit)]
        case (.many(let bitmaps), .many(let labels)):
            guard bitmaps.count == labels.count else {
                throw .rowCountMismatch(bitmapCount: bitmaps.count, labelCount: labels.count)
            }
            digits = Array(zip(bitmaps, labels)).map { ($0, $1) }
            try LabelledDigits.requireOneLabelEach(digits)
        case (.one, _): throw .missingField(expected: ["digit"])
        case (.many, _): throw .missingField(expected: ["digits"])
        }
    }

    /// `replace` cannot say which of two is right.
    private static func requireOneLabelEach(_ digits: [(bitmap: Bitmap, digit: UInt8)]) throws(DigitsError) {
        var firstIndices: [Bitmap: Int] = [:]
        for (index, (bitmap, digit)) in digits.enumerated() {
            guard let first = firstIndices[bitmap] else {
                firstIndices[bitmap] = index
                continue
            }
            guard digits[first].digit == digit else {
                throw .contradictoryLabels(firstIndex: first, firstDigit: digits[first].digit, index: index, digit: digit)
            }
        }
    }

    private enum Labels {
        case none
        case one(UInt8)
        case many([UInt8])
    }

    private static func labels(_ bytes: borrowing Span<UInt8>) throws(DigitsError) -> (Labels, replacesOthers: Bool) {
        var cursor = JSONCursor<DigitsError>()
        try cursor.expect(.object, bytes)
        cursor.enter()
        var labels = Labels.none
        var replacesOthers: Bool?
        var isFirst = true
        while let key = try cursor.nextKey(bytes, isFirst: &isFirst) {
            switch key {
            case "digit", "digits":
                guard case .none = labels else { throw .conflictingFields(["digit", "digits"]) }
                do throws(DigitsError) {
                    labels = key == "digit" ? .one(try label(bytes, at: &cursor)) : .many(try list(bytes, at: &cursor))
                } catch {
                    throw .inField(key, error)
                }
            case "replace":
                guard replacesOthers == nil else { throw .conflictingFields([key]) }
                do throws(DigitsError) { replacesOthers = try cursor.truth(bytes) } catch { throw .inField(key, error) }
            default:
                // One of the digits' own, which have been read.
                try cursor.skipValue(bytes, depth: 1)
            }
        }
        try cursor.finish(bytes)
        return (labels, replacesOthers ?? false)
    }

    private static func list(_ bytes: borrowing Span<UInt8>, at cursor: inout JSONCursor<DigitsError>) throws(DigitsError) -> [UInt8] {
        try cursor.expect(.array, bytes, "an array of digits")
        cursor.enter()
        var labels: [UInt8] = []
        var isFirst = true
        while try cursor.nextElement(bytes, isFirst: &isFirst) { labels.append(try label(bytes, at: &cursor)) }
        return labels
    }

    private static func label(_ bytes: borrowing Span<UInt8>, at cursor: inout JSONCursor<DigitsError>) throws(DigitsError) -> UInt8 {
        try cursor.expect(.number, bytes, "a digit from 0 to 9")
        let range = try cursor.number(bytes)
        let text = bytes.excerpt(range)
        guard let label = UInt8(text), label < DigitDataset.classCount else { throw .notADigit(found: text) }
        return label
    }
}
