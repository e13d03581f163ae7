import Testing

@testable import Digits

@Suite struct BitmapTests {
    @Test("pixel 0 is the first bit of the first byte, pixel 255 the last of the last")
    func pixelOrder() {
        var bitmap = Bitmap.blank
        bitmap[0] = true
        bitmap[9] = true
        bitmap[row: 15, column: 15] = true
        #expect(bitmap.words == SIMD4(0x8040_0000_0000_0000, 0, 0, 1))
        #expect(bitmap.hexadecimal == "8040" + String(repeating: "0", count: 59) + "1")
        var bytes: [UInt8] = []
        bitmap.appendPacked(to: &bytes)
        #expect(bytes == [0x80, 0x40] + [UInt8](repeating: 0, count: 29) + [1])
        #expect(bitmap[0] && bitmap[9] && bitmap[255] && !bitmap[1] && !bitmap[254])
        bitmap[9] = false
        #expect(bitmap.inkCount == 2)
    }

    @Test("dot products and distances are those of the pixels")
    func arithmetic() {
        var stream = RandomStream(seed: 4, purpose: .test)
        let bitmaps = (0..<50).map { _ in randomBitmap(&stream) }
        let query = randomBitmap(&stream)
        var products = [UInt16](repeating: 999, count: 50)
        products.withUnsafeMutableBufferPointer { query.dotProducts(with: bitmaps, into: $0) }
        for (bitmap, product) in zip(bitmaps, products) {
            let expected = (0..<256).reduce(0) { $0 + (query[$1] && bitmap[$1] ? 1 : 0) }
            #expect(query.dotProduct(bitmap) == expected)
            #expect(product == UInt16(expected))
            #expect(query.squaredDistance(bitmap) == (0..<256).reduce(0) { $0 + (query[$1] != bitmap[$1] ? 1 : 0) })
        }
    }

    @Test("hexadecimal digits are read in either case, with white space around them")
    func hexadecimal() throws {
        let six = try Bitmap(hexadecimal: utf8(sixHexadecimal).span)
        #expect(six.words == SIMD4(0x01c0_0380_0700_0600, 0x0600_0c00_0c00_0c00, 0x0dfc_0fff_0e07_0c03, 0x0c03_0e07_0ffe_03f8))
        #expect(try Bitmap(hexadecimal: utf8(" \r\n\t" + sixHexadecimal.uppercased() + "\r\n").span) == six)
        #expect(six.hexadecimal == sixHexadecimal)
    }

    @Test("every one of the 256 bytes is a hexadecimal digit or refused, at every place")
    func hexadecimalAlphabet() {
        for byte in UInt8.min...UInt8.max {
            let value = byte < 0x80 ? Character(Unicode.Scalar(byte)).hexDigitValue : nil
            for place in [0, 7, 8, 31, 62] {
                var text = utf8(String(repeating: "0", count: 64))
                text[place] = byte
                text[63] = UInt8(ascii: "1")
                var expected = Bitmap.blank
                expected[255] = true
                for bit in 0..<4 where (value ?? 0) >> (3 - bit) & 1 == 1 { expected[place * 4 + bit] = true }
                #expect((try? Bitmap(hexadecimal: text.span)) == (value == nil ? nil : expected), "byte \(byte) at \(place)")
            }
        }
    }

    @Test("random bitmaps come back from hexadecimal digits, packed bytes, and zeros and ones")
    func roundTrips() throws {
        var stream = RandomStream(seed: 1, purpose: .test)
        for _ in 0..<200 {
            let bitmap = randomBitmap(&stream)
            #expect(try Bitmap(hexadecimal: utf8(bitmap.hexadecimal).span) == bitmap)
            #expect(try Bitmap(text: utf8(bitmap.zeroOneText).span) == bitmap)
            var bytes: [UInt8] = [0xAA]
            bitmap.appendPacked(to: &bytes)
            #expect(Bitmap(packed: bytes.span.bytes, at: 1) == bitmap)
        }
    }

    @Test("a character that is not hexadecimal is named with its place")
    func notHexadecimal() {
        func refusal(_ text: String) -> String { message { () throws(DigitsError) in _ = try Bitmap(hexadecimal: utf8(text).span) } }
        let zeros = String(repeating: "0", count: 63)
        #expect(refusal(zeros + "g") == "expected a hexadecimal digit at line 1, column 64, found 'g'")
        #expect(refusal("\n x" + zeros) == "expected a hexadecimal digit at line 2, column 2, found 'x'")
        #expect(refusal("0 " + zeros) == "expected a hexadecimal digit at line 1, column 2, found a space")
        #expect(refusal("é" + zeros) == "expected a hexadecimal digit at line 1, column 1, found 'é'")
        #expect(refusal("\u{1B}" + zeros) == "expected a hexadecimal digit at line 1, column 1, found the byte 0x1B")
    }

    @Test("another number of digits is named with the number expected")
    func wrongLength() {
        func refusal(_ text: String) -> String { message { () throws(DigitsError) in _ = try Bitmap(hexadecimal: utf8(text).span) } }
        #expect(refusal(String(repeating: "a", count: 63)) == "expected 64 hexadecimal digits, found 63")
        #expect(refusal(String(repeating: "a", count: 65)) == "expected 64 hexadecimal digits, found 65")
        #expect(refusal(" \n") == "expected a digit, found nothing")
    }
}
