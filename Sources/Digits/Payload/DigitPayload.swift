import JSONText

/// The forms in which digits are sent.
public enum PayloadForm: String, CaseIterable, Sendable {
    /// One bitmap: 64 hexadecimal digits, 256 zeros and ones, or a row of Semeion. See `Bitmap.init(text:)`.
    case text
    /// One bitmap as `{"bitmap": …}` or `{"pixels": …}`, or many as `{"bitmaps": […]}`.
    case json
    /// Any number of packed bitmaps of 32 bytes each.
    case octets
    /// One bitmap as a P1 or P4 file.
    case portableBitmap

    /// The form that bytes of unknown kind most likely have. Never fails: bytes of no form get the one whose error says most.
    public init(sniffing bytes: borrowing Span<UInt8>) {
        let start = bytes.textStart
        let range = bytes.extracting(start..<bytes.count).rangeWithoutSurroundingWhiteSpace
        var hasControlCharacter = false
        var isASCIIText = true
        for offset in start..<bytes.count where bytes[offset].isOutsideASCIIText {
            isASCIIText = false
            if bytes[offset] < 0x20 { hasControlCharacter = true }
        }
        if PortableBitmap.isMarked(bytes) {
            self = .portableBitmap
        } else if let first = range.first, bytes[start + first] == UInt8(ascii: "{"), !hasControlCharacter {
            self = .json
        } else if hasControlCharacter || (!isASCIIText && bytes.count.isMultiple(of: Bitmap.byteCount)) {
            self = .octets
        } else {
            self = .text
        }
    }
}

/// Digits as they came in: one, or many. Which of them says the form, not the number: a batch of one is a batch.
public enum DigitPayload: Hashable, Sendable {
    case one(Bitmap)
    case many([Bitmap])

    /// Reads a payload of a known form.
    ///
    /// - Parameter bitmapLimit: how many bitmaps a form for many may hold.
    /// - Throws: `DigitsError` that says what is wrong, and where.
    public init(_ bytes: borrowing Span<UInt8>, form: PayloadForm, bitmapLimit: Int) throws(DigitsError) {
        switch form {
        case .text: self = .one(try Bitmap(text: bytes.extracting(bytes.textStart..<bytes.count)))
        case .json: self = try JSONDigits.read(bytes, bitmapLimit: bitmapLimit).payload
        case .octets: self = .many(try DigitPayload.packed(bytes, bitmapLimit: bitmapLimit))
        case .portableBitmap: self = .one(try PortableBitmap.read(bytes))
        }
    }

    /// The bitmaps, in the order they came in.
    public var bitmaps: [Bitmap] {
        switch self {
        case .one(let bitmap): [bitmap]
        case .many(let bitmaps): bitmaps
        }
    }

    private static func packed(_ bytes: borrowing Span<UInt8>, bitmapLimit: Int) throws(DigitsError) -> [Bitmap] {
        guard !bytes.isEmpty else { throw .noBitmaps }
        if let signature = FileSignature(bytes) { throw .otherFile(signature) }
        guard bytes.count.isMultiple(of: Bitmap.byteCount) else { throw .wrongLength(.octets, found: bytes.count) }
        let count = bytes.count / Bitmap.byteCount
        guard count <= bitmapLimit else { throw .tooManyBitmaps(limit: bitmapLimit, found: count) }
        let raw = bytes.bytes
        var bitmaps: [Bitmap] = []
        bitmaps.reserveCapacity(count)
        for row in 0..<count { bitmaps.append(Bitmap(packed: raw, at: row * Bitmap.byteCount)) }
        return bitmaps
    }
}
