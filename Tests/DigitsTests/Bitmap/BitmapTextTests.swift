import Testing

@testable import Digits

@Suite struct BitmapTextTests {
    private func read(_ text: String) throws(DigitsError) -> Bitmap { try Bitmap(text: utf8(text).span) }
    private func refusal(_ text: String) -> String { message { () throws(DigitsError) in _ = try read(text) } }

    private var six: Bitmap {
        get throws { try read(sixHexadecimal) }
    }

    private func values(_ bitmap: Bitmap, zero: String, one: String) -> String {
        (0..<256).map { bitmap[$0] ? one : zero }.joined(separator: " ")
    }

    @Test("256 zeros and ones are read in any layout of white space")
    func zerosAndOnes() throws {
        let six = try six
        let lines = six.zeroOneText
        #expect(lines.hasPrefix("0000000111000000\n0000001110000000\n"))
        #expect(lines.utf8.count == 272)
        #expect(try read(lines) == six)
        #expect(try read(lines.filter { $0 != "\n" }) == six)
        #expect(try read(" \n" + lines.map { "\($0)\t" }.joined() + "\r\n") == six)
        #expect(try read(values(six, zero: "0", one: "1")) == six)
    }

    @Test("a row of Semeion is read with its indicators or without, in any spelling of 0 and 1")
    func semeionRow() throws {
        let six = try six
        let row = values(six, zero: "0.0000", one: "1.0000")
        #expect(try read(row) == six)
        #expect(try read(row + " 0 0 0 0 0 0 1 0 0 0 \r\n") == six)
        #expect(try read(values(six, zero: "0", one: "1") + " 0 0 0 0 0 0 1 0 0 0") == six)
        #expect(try read(values(six, zero: "0.000000000000000000e+00", one: "1.000000000000000000e+00")) == six)
        #expect(try read(values(six, zero: "-0.0", one: "1.")) == six)
    }

    @Test("64 zeros and ones are hexadecimal digits")
    func shortestAmbiguity() throws {
        #expect(try read(String(repeating: "10", count: 32)).inkCount == 32)
    }

    @Test("a number other than 0 and 1 is named with its place")
    func notAPixel() throws {
        let row = values(try six, zero: "0.0000", one: "1.0000")
        #expect(refusal("0.5000" + row.dropFirst(6)) == "expected 0 or 1 at line 1, column 1, found '0.5000'")
        #expect(refusal(row.dropLast(6) + "1.0001") == "expected 0 or 1 at line 1, column 1786, found '1.0001'")
        #expect(refusal("nan" + row.dropFirst(6)) == "expected 0 or 1 at line 1, column 1, found 'nan'")
        #expect(refusal("zero" + row.dropFirst(6)) == "expected 0 or 1 at line 1, column 1, found 'zero'")
        #expect(
            refusal(values(.blank, zero: "0", one: "1") + "\n2")
                == "expected 256 values, or 266 with the indicators of a Semeion row, found 257")
        #expect(refusal("2 " + values(.blank, zero: "0", one: "1")) == "expected 0 or 1 at line 1, column 1, found '2'")
    }

    @Test("a wrong number of pixels or values says what was expected")
    func wrongLength() throws {
        let row = values(try six, zero: "0.0000", one: "1.0000")
        #expect(refusal(String(row.dropLast(7))) == "expected 256 values, or 266 with the indicators of a Semeion row, found 255")
        #expect(refusal(row + " 0 0 1") == "expected 256 values, or 266 with the indicators of a Semeion row, found 259")
        #expect(refusal("0101\n0101") == "expected 256 pixels, 0 or 1, found 8")
        #expect(refusal("01010101") == "expected 64 hexadecimal digits, or 256 pixels, 0 or 1, found 8")
        #expect(refusal(String(repeating: "01", count: 133)) == "expected 64 hexadecimal digits, or 256 pixels, 0 or 1, found 266")
        #expect(refusal("") == "expected a digit, found nothing")
        #expect(refusal(" \n ") == "expected a digit, found nothing")
    }

    @Test("what would steer a terminal is not repeated in a message")
    func controlCharacters() {
        #expect(refusal("1.0\u{1B}[31m 0.0") == "expected 0 or 1 at line 1, column 1, found '1.0\u{FFFD}[31m'")
        #expect(
            refusal(String(repeating: ".", count: 100))
                == "expected 0 or 1 at line 1, column 1, found '\(String(repeating: ".", count: 40))…'")
    }
}
