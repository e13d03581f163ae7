import Testing

@testable import Digits

@Suite struct PortableBitmapTests {
    private func read(_ bytes: [UInt8]) throws(DigitsError) -> Bitmap { try PortableBitmap.read(bytes.span) }
    private func refusal(_ bytes: [UInt8]) -> String { message { () throws(DigitsError) in _ = try read(bytes) } }

    private let raster: [UInt8] = (0..<32).map { $0 * 7 }
    private var bitmap: Bitmap { Bitmap(packed: raster.span.bytes) }

    @Test("P4 is read with comments, any white space in the header, and white space behind the raster")
    func packed() throws {
        let bitmap = bitmap
        #expect(try read(utf8("P4\n16 16\n") + raster) == bitmap)
        #expect(try read(utf8("P4 16\t16 ") + raster) == bitmap)
        #expect(try read(utf8("P4\n# made by GIMP\n16 # width\n16\n") + raster + utf8("\n")) == bitmap)
        #expect(try read(utf8("P4\n16 16# height\n") + raster) == bitmap)
        #expect(PortableBitmap.packed(bitmap) == utf8("P4\n16 16\n") + raster)
    }

    @Test("a raster may begin with bytes that look like white space or a comment")
    func rasterBytes() throws {
        let raster: [UInt8] = [0x20, 0x0A, 0x23, 0x0A] + [UInt8](repeating: 0x20, count: 28)
        #expect(try read(utf8("P4\n16 16\n") + raster) == Bitmap(packed: raster.span.bytes))
    }

    @Test("P1 is read with or without white space between its pixels")
    func text() throws {
        let bitmap = bitmap
        #expect(try read(utf8("P1\n16 16\n" + bitmap.zeroOneText)) == bitmap)
        #expect(try read(utf8("P1 16 16 " + bitmap.zeroOneText.map { "\($0) " }.joined())) == bitmap)
        #expect(try read(utf8("P1\n#c\n16 16\n" + bitmap.zeroOneText.replacing("\n", with: "# end of the row\n"))) == bitmap)
        #expect(try read(utf8(PortableBitmap.text(bitmap))) == bitmap)
    }

    @Test("each fault is named")
    func faults() {
        #expect(refusal([]) == "expected a digit, found nothing")
        #expect(refusal(utf8("P5\n16 16\n255\n")) == "not a portable bitmap: expected P1 or P4 and white space at line 1, column 1")
        #expect(refusal(utf8("P4\n16 x\n")) == "not a portable bitmap: expected the height at line 2, column 4")
        #expect(refusal(utf8("P4\n")) == "not a portable bitmap: expected the width at line 2, column 1")
        #expect(refusal(utf8("P4\n28 16\n")) == "expected a portable bitmap of 16 x 16 pixels, found 28 x 16")
        #expect(refusal(utf8("P4\n99999999999999999999 16\n")) == "not a portable bitmap: expected the width at line 2, column 1")
        #expect(refusal(utf8("P4\n16 16")) == "not a portable bitmap: expected white space behind the height at line 2, column 6")
        #expect(refusal(utf8("P4\n16 16\n") + raster.dropLast()) == "expected 32 bytes of raster, found 31")
        #expect(refusal(utf8("P4\n16 16\n") + raster + [0]) == "expected 32 bytes of raster, found 33")
        #expect(refusal(utf8("P1\n16 16\n0101")) == "expected 256 pixels, 0 or 1, found 4")
        #expect(refusal(utf8("P1\n16 16\n" + String(repeating: "1", count: 257))) == "expected 256 pixels, 0 or 1, found 257")
        #expect(refusal(utf8("P1\n16 16\n0102")) == "expected 0 or 1 at line 3, column 4, found '2'")
    }
}
