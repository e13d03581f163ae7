/// A square sheet that a pen with a round tip writes on.
struct StrokeRaster {
    /// Pixels on a side: four times Semeion's, so that the stretching averages over 16 pixels or so.
    static let side = 64

    private var pixels = [UInt8](repeating: 0, count: side * side)

    /// Inks every pixel whose centre is within `radius` of the line from one point to the other, in pixels from the top left corner.
    mutating func draw(from start: SIMD2<Double>, to end: SIMD2<Double>, radius: Double) {
        let along = end - start
        let squaredLength = (along * along).sum()
        let squaredRadius = radius * radius
        let rows = StrokeRaster.pixels(from: min(start.y, end.y) - radius, to: max(start.y, end.y) + radius)
        let columns = StrokeRaster.pixels(from: min(start.x, end.x) - radius, to: max(start.x, end.x) + radius)
        for row in rows {
            for column in columns {
                let offset = SIMD2(Double(column) + 0.5, Double(row) + 0.5) - start
                let projection = squaredLength > 0 ? min(max((offset * along).sum() / squaredLength, 0), 1) : 0
                let distance = offset - along * projection
                if (distance * distance).sum() <= squaredRadius { pixels[row * StrokeRaster.side + column] = 255 }
            }
        }
    }

    /// What has been written, 255 where there is ink.
    var image: GreyImage {
        GreyImage(width: StrokeRaster.side, height: StrokeRaster.side, pixels: pixels)
    }

    private static func pixels(from lower: Double, to upper: Double) -> Range<Int> {
        let first = Int(min(max(lower, 0), Double(side)))
        return first..<max(first, Int(min(max(upper + 1, 0), Double(side))))
    }
}
