import Testing

@testable import Digits

@Suite struct DigitPayloadTests {
    private func read(_ bytes: [UInt8], _ form: PayloadForm, limit: Int = 4) throws(DigitsError) -> DigitPayload {
        try DigitPayload(bytes.span, form: form, bitmapLimit: limit)
    }
    private func refusal(_ text: String, _ form: PayloadForm = .json, limit: Int = 4) -> String {
        message { () throws(DigitsError) in _ = try read(utf8(text), form, limit: limit) }
    }

    private static let zeros = String(repeating: "0", count: 64)
    private static let six = Bitmap(
        words: SIMD4(0x01c0_0380_0700_0600, 0x0600_0c00_0c00_0c00, 0x0dfc_0fff_0e07_0c03, 0x0c03_0e07_0ffe_03f8))
    private static let flat = "[" + (0..<256).map { six[$0] ? "1" : "0" }.joined(separator: ",") + "]"
    private static let nested =
        "["
        + (0..<16).map { row in "[" + (0..<16).map { six[row: row, column: $0] ? "1" : "0" }.joined(separator: ", ") + "]" }
        .joined(separator: ",\n") + "]"

    @Test("the forms for one give one, the forms for many give many, whatever their number")
    func oneOrMany() throws {
        let six = DigitPayloadTests.six
        var packed: [UInt8] = []
        six.appendPacked(to: &packed)
        #expect(try read(utf8(sixHexadecimal), .text) == .one(six))
        #expect(try read(utf8(six.zeroOneText), .text) == .one(six))
        #expect(try read(PortableBitmap.packed(six), .portableBitmap) == .one(six))
        #expect(try read(utf8("{\"bitmap\": \"\(sixHexadecimal)\"}"), .json) == .one(six))
        #expect(try read(utf8("{\"pixels\": \(DigitPayloadTests.flat)}"), .json) == .one(six))
        #expect(try read(utf8("{\"pixels\": \(DigitPayloadTests.nested)}"), .json) == .one(six))
        #expect(try read(utf8("{\"bitmaps\": [\"\(sixHexadecimal)\"]}"), .json) == .many([six]))
        #expect(try read(utf8("{\"bitmaps\":[\"\(sixHexadecimal)\",\"\(DigitPayloadTests.zeros)\"]}"), .json) == .many([six, .blank]))
        #expect(try read(packed, .octets) == .many([six]))
        #expect(try read(packed + packed + packed, .octets) == .many([six, six, six]))
        #expect(try read(packed + packed, .octets).bitmaps == [six, six])
    }

    @Test("further fields of the JSON object are refused by name, whatever they hold, and names may have escapes")
    func furtherFields() throws {
        let text = """
            {"note": "a \\"b\\" é \\u00e9 \\ud83d\\ude00", "list": [1, -2.5e+3, [], {}, null, true, {"bitmap": false}],
             "\\u0062itmap": "\(sixHexadecimal)", "last": false}
            """
        #expect(refusal(text) == "expected the fields bitmap, bitmaps and pixels and no other, found 'note'")
        #expect(try read(utf8("{\"\\u0062itmap\": \"\(sixHexadecimal)\"}"), .json) == .one(DigitPayloadTests.six))
        #expect(try read(utf8("{\"bitmap\": \"\\u0030\(sixHexadecimal.dropFirst())\"}"), .json) == .one(DigitPayloadTests.six))
    }

    @Test("text that is not JSON is refused with line and column")
    func notJSON() {
        #expect(refusal("") == "expected a digit, found nothing")
        #expect(refusal("hello") == "not JSON: expected a value at line 1, column 1, found 'h'")
        #expect(refusal("{") == "not JSON: expected '}' at line 1, column 2, found the end")
        #expect(refusal("{\"bitmap\"\n 1}") == "not JSON: expected ':' at line 2, column 2, found '1'")
        #expect(refusal("{\"bitmap\": \"00") == "not JSON: expected '\"' at the end of the string at line 1, column 15, found the end")
        #expect(
            refusal("{\"bitmap\": \"\(sixHexadecimal)\",}") == "not JSON: expected a field's name in quotes at line 1, column 79, found '}'"
        )
        #expect(refusal("{\"a\": [1 2]}") == "not JSON: expected ',' or ']' at line 1, column 10, found '2'")
        #expect(refusal("{\"a\": 01}") == "not JSON: expected ',' or '}' at line 1, column 8, found '1'")
        #expect(refusal("{\"a\": 1.}") == "not JSON: expected a decimal digit at line 1, column 9, found '}'")
        #expect(refusal("{\"a\": nul}") == "not JSON: expected a value at line 1, column 7, found 'n'")
        #expect(refusal("not json") == "not JSON: expected a value at line 1, column 1, found 'n'")
        #expect(refusal("{\"a\": truth}") == "not JSON: expected a value at line 1, column 7, found 't'")
        #expect(refusal("{\"a\": \"\\x\"}") == "not JSON: expected an escape at line 1, column 9, found 'x'")
        #expect(refusal("{\"a\": \"\\u12G4\"}") == "not JSON: expected four hexadecimal digits at line 1, column 12, found 'G'")
        #expect(
            refusal("{\"a\": \"\n\"}") == "not JSON: expected a string without control characters at line 1, column 8, found a line break")
        #expect(refusal("{\"bitmap\": \"\(sixHexadecimal)\"} x") == "not JSON: expected the end at line 1, column 80, found 'x'")
    }

    @Test("bytes that are not UTF-8 are no JSON string")
    func notUTF8() {
        let bytes = utf8("{\"a\": \"") + [0xC3, 0x28] + utf8("\"}")
        let refusal = message { () throws(DigitsError) in _ = try read(bytes, .json) }
        #expect(refusal == "not JSON: expected UTF-8 at line 1, column 7, found other bytes")
    }

    @Test("JSON nested past 64 levels is refused, however deep it goes")
    func depth() throws {
        func text(_ levels: Int) -> String {
            "{\"a\":" + String(repeating: "[", count: levels) + String(repeating: "]", count: levels) + ",\"bitmap\":\"\(sixHexadecimal)\"}"
        }
        #expect(refusal(text(63)) == "expected the fields bitmap, bitmaps and pixels and no other, found 'a'")
        #expect(refusal(text(64)) == "not JSON: expected at most 64 levels at line 1, column 69, found one more")
        #expect(refusal(text(100_000)) == "not JSON: expected at most 64 levels at line 1, column 69, found one more")
    }

    @Test("the object must have exactly one of the three fields")
    func fields() {
        #expect(refusal("[]") == "expected an object at line 1, column 1, found an array")
        #expect(refusal("{}") == "expected the field bitmap, bitmaps or pixels, found none of that name")
        #expect(
            refusal("{\"Bitmap\": 1}")
                == "expected the fields bitmap, bitmaps and pixels and no other, found 'Bitmap'; did you mean 'bitmap'?")
        #expect(refusal("{\"bitmap\": 1, \"pixels\": []}") == "expected only one field, found bitmap and pixels")
        #expect(refusal("{\"pixels\": 1, \"bitmaps\": 2, \"bitmap\": 3}") == "expected only one field, found bitmap, bitmaps and pixels")
        #expect(refusal("{\"bitmap\": 1, \"bitmap\": 1}") == "expected only one field, found bitmap twice")
    }

    @Test("a bad bitmap is named by its field and number")
    func badBitmaps() {
        let zeros = DigitPayloadTests.zeros
        #expect(refusal("{\"bitmap\": 5}") == "bitmap: expected a string of 64 hexadecimal digits at line 1, column 12, found a number")
        #expect(refusal("{\"bitmap\": null}") == "bitmap: expected a string of 64 hexadecimal digits at line 1, column 12, found null")
        #expect(refusal("{\"bitmap\": \"\"}") == "bitmap: expected a digit, found nothing")
        #expect(refusal("{\"bitmap\": \"00\"}") == "bitmap: expected 64 hexadecimal digits, found 2")
        #expect(refusal("{\"bitmap\": \"0z\"}") == "bitmap: expected a hexadecimal digit at line 1, column 14, found 'z'")
        #expect(refusal("{\"bitmaps\": \"\(zeros)\"}") == "bitmaps: expected an array of strings at line 1, column 13, found a string")
        #expect(refusal("{\"bitmaps\": []}") == "bitmaps: expected at least one bitmap, found none")
        #expect(
            refusal("{\"bitmaps\": [\"\(zeros)\", \"\(zeros)\", [], 3]}")
                == "bitmaps[2]: expected a string of 64 hexadecimal digits at line 1, column 150, found an array")
        #expect(refusal("{\"bitmaps\": [\"\(zeros)\", \"\(zeros)0\"]}") == "bitmaps[1]: expected 64 hexadecimal digits, found 65")
    }

    @Test("a batch may be as long as the limit and no longer")
    func limit() throws {
        func batch(_ count: Int) -> String {
            "{\"bitmaps\":[" + Array(repeating: "\"\(DigitPayloadTests.zeros)\"", count: count).joined(separator: ",") + "]}"
        }
        #expect(try read(utf8(batch(4)), .json).bitmaps.count == 4)
        #expect(refusal(batch(5)) == "bitmaps: expected at most 4 bitmaps, found 5")
        #expect(refusal(batch(7)) == "bitmaps: expected at most 4 bitmaps, found 7")
        #expect(try read([UInt8](repeating: 0, count: 128), .octets).bitmaps.count == 4)
        #expect(refusal(String(repeating: "a", count: 160), .octets) == "expected at most 4 bitmaps, found 5")
    }

    @Test("octets that are no whole bitmaps are refused")
    func octets() {
        #expect(refusal("", .octets) == "expected at least one bitmap, found none")
        #expect(refusal("abc", .octets) == "expected a multiple of 32 bytes, found 3")
    }

    @Test("a bad pixel is named by its number")
    func badPixels() {
        let flat = DigitPayloadTests.flat
        #expect(
            refusal("{\"pixels\": {}}") == "pixels: expected an array of 256 pixels or of 16 rows at line 1, column 12, found an object")
        #expect(refusal("{\"pixels\": []}") == "pixels: expected 256 pixels, 0 or 1, found 0")
        #expect(refusal("{\"pixels\": [0, 1, 2]}") == "pixels[2]: expected 0 or 1 at line 1, column 19, found '2'")
        #expect(refusal("{\"pixels\": [0, true]}") == "pixels[1]: expected 0 or 1 at line 1, column 16, found true or false")
        #expect(refusal("{\"pixels\": [0, 0.5]}") == "pixels[1]: expected 0 or 1 at line 1, column 16, found '0.5'")
        #expect(refusal("{\"pixels\": \(flat.dropLast()),1]}") == "pixels: expected 256 pixels, 0 or 1, found 257")
        #expect(refusal("{\"pixels\": [[0,1]]}") == "pixels[0]: expected 16 pixels, found 2")
        #expect(refusal("{\"pixels\": [[0,7]]}") == "pixels[0][1]: expected 0 or 1 at line 1, column 16, found '7'")
        #expect(refusal("{\"pixels\": [0,[1]]}") == "pixels[1]: expected 0 or 1, as before it at line 1, column 15, found an array")
        #expect(
            refusal("{\"pixels\": [[\(flat.dropFirst().prefix(31))],1]}")
                == "pixels[1]: expected a row, as before it at line 1, column 47, found a number")
        let rows = Array(repeating: "[\(flat.dropFirst().prefix(31))]", count: 17).joined(separator: ",")
        #expect(refusal("{\"pixels\": [\(rows)]}") == "pixels: expected 16 rows of 16 pixels, found 17")
    }

    @Test("pixels may be written as numbers with a point")
    func pixelSpellings() throws {
        let text = DigitPayloadTests.flat.replacing("0", with: "0.0").replacing("1", with: "1.0e0")
        #expect(try read(utf8("{\"pixels\": \(text)}"), .json) == .one(DigitPayloadTests.six))
    }

    @Test("the form of unknown bytes is found by looking at them")
    func sniffing() {
        func form(_ bytes: [UInt8]) -> PayloadForm { PayloadForm(sniffing: bytes.span) }
        let six = DigitPayloadTests.six
        var packed: [UInt8] = []
        six.appendPacked(to: &packed)
        #expect(form(utf8(sixHexadecimal + "\n")) == .text)
        #expect(form(utf8(six.zeroOneText)) == .text)
        #expect(form(utf8("\r\n {\"bitmap\": \"é\"}")) == .json)
        #expect(form(PortableBitmap.packed(six)) == .portableBitmap)
        #expect(form(utf8(PortableBitmap.text(six))) == .portableBitmap)
        #expect(form(utf8("P1#16")) == .portableBitmap)
        #expect(form(packed) == .octets)
        #expect(form(packed + [1]) == .octets)
        #expect(form([UInt8](repeating: 0xFF, count: 32)) == .octets)
        #expect(form([0x7B] + packed.dropFirst()) == .octets)
        #expect(form(utf8("é\(sixHexadecimal)")) == .text)
        #expect(form([]) == .text)
        #expect(form(utf8("\u{FEFF}" + sixHexadecimal)) == .text)
        #expect(form(utf8("\u{FEFF} {}")) == .json)
    }

    @Test("a byte-order mark is no part of a text")
    func byteOrderMark() throws {
        #expect(try read(utf8("\u{FEFF}" + sixHexadecimal), .text) == .one(DigitPayloadTests.six))
        #expect(try read(utf8("\u{FEFF}{\"bitmap\": \"\(sixHexadecimal)\"}"), .json) == .one(DigitPayloadTests.six))
        #expect(
            refusal("\u{FEFF}\u{FEFF}" + sixHexadecimal, .text) == "expected a hexadecimal digit at line 1, column 1, found the byte 0xEF")
    }
}
