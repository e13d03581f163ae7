/// What a JSON value begins with.
package enum JSONKind: String {
    case object = "an object"
    case array = "an array"
    case string = "a string"
    case number = "a number"
    case boolean = "true or false"
    case null

    /// Nesting past which a text is refused, in values that are passed over too.
    package static let depthLimit = 64
}

/// Errors that can say what is wrong with a JSON text.
package protocol JSONFailure: Error {
    static func notJSON(expected: String, found: String, at: TextPosition) -> Self
    static func wrongJSONType(expected: String, found: String, at: TextPosition) -> Self
}

/// A place in a JSON text (RFC 8259) that is read from front to back, without building a tree.
///
/// Strict: no comments, no trailing commas, nothing behind the value. Errors name line and column, which `JSONDecoder`'s do not, and
/// strings without escapes are given as ranges of the text, so that a batch of bitmaps is decoded in place. What it throws is the error of
/// the module that reads; its functions can be inlined there, for `POST /predict` reads its bodies with them.
package struct JSONCursor<Failure: JSONFailure> {
    @usableFromInline package internal(set) var offset = 0

    @inlinable
    package init() {}

    /// The kind of the value that comes next; the cursor then stands on its first byte.
    @inlinable
    package mutating func kind(_ bytes: borrowing Span<UInt8>) throws(Failure) -> JSONKind {
        // A parser may pass over a byte-order mark (RFC 8259, section 8.1).
        if offset == 0 { offset = bytes.textStart }
        skipWhiteSpace(bytes)
        guard offset < bytes.count else { throw fault("a value", bytes) }
        switch bytes[offset] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        default:
            // A word is looked at whole: a body that is no JSON at all may begin with any letter.
            if isNext("true", bytes) || isNext("false", bytes) { return .boolean }
            if isNext("null", bytes) { return .null }
            throw fault("a value", bytes)
        }
    }

    /// Makes sure that a value of this kind comes next; the cursor then stands on its first byte.
    @inlinable
    package mutating func expect(_ expected: JSONKind, _ bytes: borrowing Span<UInt8>, _ meaning: String? = nil) throws(Failure) {
        let found = try kind(bytes)
        guard found == expected else {
            throw .wrongJSONType(
                expected: meaning ?? expected.rawValue, found: found.rawValue, at: TextPosition(offset: offset, in: bytes))
        }
    }

    /// True or false, which comes next.
    @inlinable
    package mutating func truth(_ bytes: borrowing Span<UInt8>) throws(Failure) -> Bool {
        try expect(.boolean, bytes)
        let isTrue = bytes[offset] == UInt8(ascii: "t")
        offset += isTrue ? 4 : 5
        return isTrue
    }

    /// Passes the bracket that opens an object or an array, whose kind has been seen.
    @inlinable
    package mutating func enter() {
        offset += 1
    }

    /// The next key of the object that was entered, the cursor behind its colon; nil behind the object's end.
    @inlinable
    package mutating func nextKey(_ bytes: borrowing Span<UInt8>, isFirst: inout Bool) throws(Failure) -> String? {
        guard try hasNext(bytes, before: UInt8(ascii: "}"), isFirst: &isFirst) else { return nil }
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else { throw fault("a field's name in quotes", bytes) }
        let key = try string(bytes)
        skipWhiteSpace(bytes)
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: ":") else { throw fault("':'", bytes) }
        offset += 1
        return String(decoding: key, as: UTF8.self)
    }

    /// Whether the array that was entered goes on with an element; false behind its end.
    @inlinable
    package mutating func nextElement(_ bytes: borrowing Span<UInt8>, isFirst: inout Bool) throws(Failure) -> Bool {
        try hasNext(bytes, before: UInt8(ascii: "]"), isFirst: &isFirst)
    }

    @inlinable
    mutating func hasNext(_ bytes: borrowing Span<UInt8>, before end: UInt8, isFirst: inout Bool) throws(Failure) -> Bool {
        let endName = end == UInt8(ascii: "]") ? "']'" : "'}'"
        skipWhiteSpace(bytes)
        guard offset < bytes.count else { throw fault(isFirst ? endName : "',' or \(endName)", bytes) }
        if bytes[offset] == end {
            offset += 1
            return false
        }
        if !isFirst {
            guard bytes[offset] == UInt8(ascii: ",") else { throw fault("',' or \(endName)", bytes) }
            offset += 1
            skipWhiteSpace(bytes)
        }
        isFirst = false
        return true
    }

    /// Passes a string whose first quote the cursor stands on, and gives what stands between the quotes where nothing there is escaped.
    @inlinable
    package mutating func plainString(_ bytes: borrowing Span<UInt8>) throws(Failure) -> Range<Int>? {
        let start = offset + 1
        var end = start
        while end < bytes.count {
            let byte = bytes[end]
            if byte == UInt8(ascii: "\"") {
                offset = end + 1
                return start..<end
            }
            guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\\") else { return nil }
            end += 1
        }
        offset = end
        throw fault("'\"' at the end of the string", bytes)
    }

    /// Passes a string whose first quote the cursor stands on, and gives its content in UTF-8.
    @inlinable
    package mutating func string(_ bytes: borrowing Span<UInt8>) throws(Failure) -> [UInt8] {
        if let plain = try plainString(bytes) { return plain.map { bytes[$0] } }
        let start = offset
        offset += 1
        var content: [UInt8] = []
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                guard String(validating: content, as: UTF8.self) != nil else {
                    throw .notJSON(expected: "UTF-8", found: "other bytes", at: TextPosition(offset: start, in: bytes))
                }
                offset += 1
                return content
            case UInt8(ascii: "\\"):
                try appendEscape(bytes, to: &content)
            case 0..<0x20:
                throw fault("a string without control characters", bytes)
            default:
                content.append(byte)
                offset += 1
            }
        }
        throw fault("'\"' at the end of the string", bytes)
    }

    @inlinable
    mutating func appendEscape(_ bytes: borrowing Span<UInt8>, to content: inout [UInt8]) throws(Failure) {
        offset += 1
        guard offset < bytes.count else { throw fault("an escape", bytes) }
        let escape = bytes[offset]
        let plain: UInt8? =
            switch escape {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): escape
            case UInt8(ascii: "b"): 0x08
            case UInt8(ascii: "f"): 0x0C
            case UInt8(ascii: "n"): 0x0A
            case UInt8(ascii: "r"): 0x0D
            case UInt8(ascii: "t"): 0x09
            default: nil
            }
        if let plain {
            content.append(plain)
            offset += 1
            return
        }
        guard escape == UInt8(ascii: "u") else { throw fault("an escape", bytes) }
        offset += 1
        var units = [try codeUnit(bytes)]
        if UTF16.isLeadSurrogate(units[0]), offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
            bytes[offset + 1] == UInt8(ascii: "u")
        {
            offset += 2
            units.append(try codeUnit(bytes))
        }
        // A surrogate without its other half is no character; it becomes U+FFFD, as RFC 8259, section 8.2, leaves it to the reader.
        content.append(contentsOf: String(decoding: units, as: UTF16.self).utf8)
    }

    @inlinable
    mutating func codeUnit(_ bytes: borrowing Span<UInt8>) throws(Failure) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard offset < bytes.count, let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue else {
                throw fault("four hexadecimal digits", bytes)
            }
            unit = unit << 4 | UInt16(digit)
            offset += 1
        }
        return unit
    }

    /// Passes a number that the cursor stands on, and gives its place.
    @inlinable
    package mutating func number(_ bytes: borrowing Span<UInt8>) throws(Failure) -> Range<Int> {
        let start = offset
        if bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        let leadingZero = offset < bytes.count && bytes[offset] == UInt8(ascii: "0")
        if leadingZero { offset += 1 } else { try digits(bytes) }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
            offset += 1
            try digits(bytes)
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") { offset += 1 }
            try digits(bytes)
        }
        return start..<offset
    }

    @inlinable
    mutating func digits(_ bytes: borrowing Span<UInt8>) throws(Failure) {
        let start = offset
        while offset < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset]) { offset += 1 }
        if offset == start { throw fault("a decimal digit", bytes) }
    }

    /// Passes a whole value, whatever it is.
    ///
    /// - Parameter depth: how many objects and arrays stand around the value.
    @inlinable
    package mutating func skipValue(_ bytes: borrowing Span<UInt8>, depth: Int) throws(Failure) {
        guard depth < JSONKind.depthLimit else {
            throw .notJSON(
                expected: "at most \(JSONKind.depthLimit) levels", found: "one more", at: TextPosition(offset: offset, in: bytes))
        }
        var isFirst = true
        switch try kind(bytes) {
        case .object:
            enter()
            while try nextKey(bytes, isFirst: &isFirst) != nil { try skipValue(bytes, depth: depth + 1) }
        case .array:
            enter()
            while try nextElement(bytes, isFirst: &isFirst) { try skipValue(bytes, depth: depth + 1) }
        case .string: _ = try string(bytes)
        case .number: _ = try number(bytes)
        case .boolean: offset += bytes[offset] == UInt8(ascii: "t") ? 4 : 5
        case .null: offset += 4
        }
    }

    @inlinable
    func isNext(_ word: StaticString, _ bytes: borrowing Span<UInt8>) -> Bool {
        guard offset + word.utf8CodeUnitCount <= bytes.count else { return false }
        for index in 0..<word.utf8CodeUnitCount where bytes[offset + index] != word.utf8Start[index] { return false }
        return true
    }

    /// Makes sure that only white space is left.
    @inlinable
    package mutating func finish(_ bytes: borrowing Span<UInt8>) throws(Failure) {
        skipWhiteSpace(bytes)
        guard offset == bytes.count else { throw fault("the end", bytes) }
    }

    @inlinable
    mutating func skipWhiteSpace(_ bytes: borrowing Span<UInt8>) {
        while offset < bytes.count, JSONCursor.isWhiteSpace(bytes[offset]) { offset += 1 }
    }

    /// JSON's own four, without the vertical tab and the form feed of other texts.
    @inlinable
    static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    @inlinable
    func fault(_ expected: String, _ bytes: borrowing Span<UInt8>) -> Failure {
        .notJSON(
            expected: expected, found: offset < bytes.count ? bytes.characterName(at: offset) : "the end",
            at: TextPosition(offset: offset, in: bytes))
    }
}
