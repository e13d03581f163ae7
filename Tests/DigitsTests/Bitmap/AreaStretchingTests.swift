import Testing

@testable import Digits

@Suite struct AreaStretchingTests {
    /// By the definition, without any sharing: every pixel is repeated 16 times each way, so that a cell holds a whole number of copies.
    private func stretchedByRepetition(_ image: GreyImage, rows: ClosedRange<Int>, columns: ClosedRange<Int>) -> Bitmap {
        var bitmap = Bitmap.blank
        for row in 0..<16 {
            for column in 0..<16 {
                var sum = 0
                for y in 0..<rows.count {
                    for x in 0..<columns.count {
                        let source = (rows.lowerBound + (row * rows.count + y) / 16) * image.width
                        sum += Int(image.pixels[source + columns.lowerBound + (column * columns.count + x) / 16])
                    }
                }
                bitmap[row: row, column: column] = Double(sum) / Double(rows.count * columns.count) > 127
            }
        }
        return bitmap
    }

    @Test(
        "stretching is the average over each cell's area", arguments: [(16, 16), (64, 64), (28, 20), (3, 50), (17, 15), (1, 1), (100, 7)])
    func definition(width: Int, height: Int) throws {
        var stream = RandomStream(seed: 6, purpose: .test, index: width, subindex: height)
        for _ in 0..<2 {
            var pixels = (0..<width * height).map { _ in UInt8(stream.integer(below: 256)) }
            // Ink in two corners: nothing is cropped.
            pixels[0] = 255
            pixels[width * height - 1] = 255
            let image = GreyImage(width: width, height: height, pixels: pixels)
            #expect(try Bitmap(stretching: image) == stretchedByRepetition(image, rows: 0...height - 1, columns: 0...width - 1))
        }
    }

    @Test("paper around the ink is cropped away, grey below the threshold with it")
    func crop() throws {
        var pixels = [UInt8](repeating: 127, count: 30 * 20)
        for row in 5...14 { pixels[row * 30 + 9] = 128 }
        for column in 9...12 { pixels[14 * 30 + column] = 200 }
        let image = GreyImage(width: 30, height: 20, pixels: pixels)
        let bitmap = try Bitmap(stretching: image)
        #expect(bitmap == stretchedByRepetition(image, rows: 5...14, columns: 9...12))
        // An L: 10 rows to 16, 4 columns to 16.
        #expect(bitmap[row: 0, column: 3] && !bitmap[row: 0, column: 4] && bitmap[row: 15, column: 15] && !bitmap[row: 13, column: 15])
    }

    @Test("a stroke of any size becomes the whole square")
    func solid() throws {
        let stroke = GreyImage(width: 3, height: 40, pixels: (0..<120).map { $0 % 3 == 1 ? 255 : 0 })
        #expect(try Bitmap(stretching: stroke).inkCount == 256)
    }

    @Test("an average at the threshold is paper, above it ink")
    func threshold() throws {
        // 32 x 32: each cell averages four pixels. The corners keep the crop away.
        var pixels = [UInt8](repeating: 0, count: 1024)
        pixels[0] = 255
        pixels[1023] = 255
        for offset in [2, 3, 34, 35] { pixels[offset] = 127 }
        for offset in [4, 5, 36] { pixels[offset] = 127 }
        pixels[37] = 128
        let bitmap = try Bitmap(stretching: GreyImage(width: 32, height: 32, pixels: pixels))
        #expect((0..<256).filter { bitmap[$0] } == [2])
    }

    @Test("a picture without ink is refused")
    func noInk() {
        let refusal = message { () throws(DigitsError) in
            _ = try Bitmap(stretching: GreyImage(width: 2, height: 2, pixels: [0, 127, 127, 0]))
        }
        #expect(refusal == "expected a picture of a digit, found one without ink")
    }
}
