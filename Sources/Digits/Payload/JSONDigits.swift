import JSONText

/// Digits in a JSON object: exactly one of `bitmap`, `bitmaps` and `pixels`.
enum JSONDigits {
    static let fieldNames = ["bitmap", "bitmaps", "pixels"]

    /// - Parameter otherNames: of fields that may stand beside the digits, and are passed over here.
    /// - Returns: the digits, and whether there are other fields.
    /// - Throws: `DigitsError.unknownField` for a field of any other name.
    static func read(
        _ bytes: borrowing Span<UInt8>, bitmapLimit: Int, otherNames: [String] = []
    ) throws(DigitsError) -> (payload: DigitPayload, hasOthers: Bool) {
        guard !bytes.rangeWithoutSurroundingWhiteSpace.isEmpty else { throw .empty }
        var cursor = JSONCursor<DigitsError>()
        try cursor.expect(.object, bytes)
        cursor.enter()
        var fields: [String] = []
        var hasOthers = false
        var stranger: String?
        var payload = Result<DigitPayload, DigitsError>.failure(.missingField(expected: fieldNames))
        var isFirst = true
        while let key = try cursor.nextKey(bytes, isFirst: &isFirst) {
            guard fieldNames.contains(key) else {
                if otherNames.contains(key) { hasOthers = true } else if stranger == nil { stranger = key }
                try cursor.skipValue(bytes, depth: 1)
                continue
            }
            fields.append(key)
            // A second field is refused whatever it holds; reading on would let one body be found wrong a hundred thousand times.
            guard fields.count == 1 else {
                try cursor.skipValue(bytes, depth: 1)
                continue
            }
            let valueStart = cursor
            do {
                payload = .success(try read(field: key, bytes, at: &cursor, bitmapLimit: bitmapLimit))
            } catch {
                // That the text is not JSON, or has two of the fields, weighs more than what is wrong with a value of it.
                payload = .failure(error)
                cursor = valueStart
                try cursor.skipValue(bytes, depth: 1)
            }
        }
        try cursor.finish(bytes)
        if let stranger { throw .unknownField(name: stranger, known: (fieldNames + otherNames).sorted()) }
        guard fields.count <= 1 else {
            throw .conflictingFields(Set(fields).count == 1 ? [fields[0]] : fieldNames.filter(fields.contains))
        }
        return (try payload.get(), hasOthers)
    }

    private static func read(
        field: String, _ bytes: borrowing Span<UInt8>, at cursor: inout JSONCursor<DigitsError>, bitmapLimit: Int
    ) throws(DigitsError) -> DigitPayload {
        switch field {
        case "bitmap": .one(try bitmap(bytes, at: &cursor, field: field))
        case "bitmaps": .many(try bitmaps(bytes, at: &cursor, bitmapLimit: bitmapLimit))
        default: .one(try pixels(bytes, at: &cursor))
        }
    }

    /// One string of hexadecimal digits.
    private static func bitmap(
        _ bytes: borrowing Span<UInt8>, at cursor: inout JSONCursor<DigitsError>, field: @autoclosure () -> String
    ) throws(DigitsError) -> Bitmap {
        do {
            try cursor.expect(.string, bytes, "a string of 64 hexadecimal digits")
            if let range = try cursor.plainString(bytes) { return try Bitmap(hexadecimal: bytes, range: range) }
            let content = try cursor.string(bytes)
            return try Bitmap(hexadecimal: content.span, range: content.indices)
        } catch {
            throw .inField(field(), error)
        }
    }

    private static func bitmaps(
        _ bytes: borrowing Span<UInt8>, at cursor: inout JSONCursor<DigitsError>, bitmapLimit: Int
    ) throws(DigitsError) -> [Bitmap] {
        do { try cursor.expect(.array, bytes, "an array of strings") } catch { throw .inField("bitmaps", error) }
        cursor.enter()
        var bitmaps: [Bitmap] = []
        var count = 0
        var isFirst = true
        while try cursor.nextElement(bytes, isFirst: &isFirst) {
            // Past the limit the elements are only counted.
            if count < bitmapLimit {
                bitmaps.append(try bitmap(bytes, at: &cursor, field: "bitmaps[\(count)]"))
            } else {
                try cursor.skipValue(bytes, depth: 2)
            }
            count += 1
        }
        guard count > 0 else { throw .inField("bitmaps", .noBitmaps) }
        guard count <= bitmapLimit else { throw .inField("bitmaps", .tooManyBitmaps(limit: bitmapLimit, found: count)) }
        return bitmaps
    }

    /// 256 numbers, or 16 arrays of 16.
    private static func pixels(_ bytes: borrowing Span<UInt8>, at cursor: inout JSONCursor<DigitsError>) throws(DigitsError) -> Bitmap {
        do { try cursor.expect(.array, bytes, "an array of 256 pixels or of 16 rows") } catch { throw .inField("pixels", error) }
        cursor.enter()
        var bitmap = Bitmap.blank
        var count = 0
        var isNested: Bool?
        var isFirst = true
        while try cursor.nextElement(bytes, isFirst: &isFirst) {
            let isRow = try cursor.kind(bytes) == .array
            guard isNested == nil || isNested == isRow else {
                throw .inField(
                    "pixels[\(count)]",
                    .wrongJSONType(
                        expected: isRow ? "0 or 1, as before it" : "a row, as before it", found: try cursor.kind(bytes).rawValue,
                        at: TextPosition(offset: cursor.offset, in: bytes)))
            }
            isNested = isRow
            if isRow {
                try row(count, of: &bitmap, bytes, at: &cursor)
            } else {
                let pixel = try pixel(bytes, at: &cursor, field: "pixels[\(count)]")
                if count < Bitmap.pixelCount { bitmap[count] = pixel }
            }
            count += 1
        }
        guard count == (isNested == true ? Bitmap.side : Bitmap.pixelCount) else {
            throw .inField("pixels", isNested == true ? .wrongLength(.rows, found: count) : .wrongLength(.pixels, found: count))
        }
        return bitmap
    }

    private static func row(
        _ row: Int, of bitmap: inout Bitmap, _ bytes: borrowing Span<UInt8>, at cursor: inout JSONCursor<DigitsError>
    ) throws(DigitsError) {
        cursor.enter()
        var column = 0
        var isFirst = true
        while try cursor.nextElement(bytes, isFirst: &isFirst) {
            let pixel = try pixel(bytes, at: &cursor, field: "pixels[\(row)][\(column)]")
            if row < Bitmap.side, column < Bitmap.side { bitmap[row: row, column: column] = pixel }
            column += 1
        }
        guard column == Bitmap.side else { throw .inField("pixels[\(row)]", .wrongLength(.rowOfPixels, found: column)) }
    }

    private static func pixel(
        _ bytes: borrowing Span<UInt8>, at cursor: inout JSONCursor<DigitsError>, field: @autoclosure () -> String
    ) throws(DigitsError) -> Bool {
        do {
            try cursor.expect(.number, bytes, "0 or 1")
            let range = try cursor.number(bytes)
            return try PixelValue.read(bytes, range)
        } catch {
            throw .inField(field(), error)
        }
    }
}
