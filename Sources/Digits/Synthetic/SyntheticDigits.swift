/// Digits drawn with a pen that a seed moves: any number of them, for demonstrations, load tests and measurements of scaling.
///
/// Each is one of several ways to write its digit, with every point of the pen's path moved a little, slanted, turned, sheared and
/// scaled as a whole, in a stroke of random width; then cropped, stretched to 16 x 16 and thresholded as Semeion was. Half are written
/// carefully, half fast, as Semeion's writers were asked to. How far points move is chosen so that the data set is as hard as Semeion. In
/// scikit-learn 1.9, with 10 stratified folds, 1593 rows of the seeds 1 to 5 and Semeion give:
///
///                                 synthetic        Semeion
///     SVM, C 10, gamma 0.03       95.8 to 97.1 %   96.1 %
///     SVM, C 1, linear            93.3 to 95.0 %   93.2 %
///     random forest, 100 trees    93.6 to 94.6 %   93.9 %
///     5 nearest neighbours        89.0 to 90.8 %   90.7 %
///     ink                         33.6 to 33.9 %   32.9 %
///
/// Only additions, multiplications, divisions and square roots go into a picture, which every processor rounds alike: the same seed gives
/// the same digits everywhere.
public enum SyntheticDigits {
    /// The name that such a data set has.
    public static let datasetName = "synthetic"

    /// A data set of `rowCount` digits; row `i` is the digit `i % 10`, and depends on the seed and on `i` alone.
    public static func dataset(rowCount: Int, seed: UInt64) -> DigitDataset {
        DigitDataset(
            validName: datasetName,
            bitmaps: (0..<rowCount).map { bitmap(row: $0, seed: seed) },
            labels: (0..<rowCount).map { UInt8($0 % DigitDataset.classCount) })
    }

    /// The digit `row % 10` as it is drawn for this row.
    public static func bitmap(row: Int, seed: UInt64) -> Bitmap {
        var hand = Hand(stream: RandomStream(seed: seed, purpose: .syntheticDigits, index: row))
        let image = hand.write(digit: row % DigitDataset.classCount)
        // A pen that is wider than a pixel and stays on the sheet leaves ink; a sheet without any would be a blank bitmap.
        return (try? Bitmap(stretching: image)) ?? .blank
    }
}

/// One writer's hand at one digit.
private struct Hand {
    private typealias Point = DigitStrokes.Point

    /// Standard deviations, in heights of the digit; radius in pixels of the sheet.
    private enum Spread {
        static let carefulPoint = 0.042
        static let fastPoint = 0.074
        static let slant = 0.25
        static let turn = 0.1
        static let stretch = 0.15
        static let penRadius = 1.4...3.2
    }

    /// Straight pieces that a curve is drawn in between two of its points.
    private static let pieceCount = 6

    private var stream: RandomStream

    init(stream: RandomStream) {
        self.stream = stream
    }

    mutating func write(digit: Int) -> GreyImage {
        let styles = DigitStrokes.styles[digit]
        let style = styles[stream.integer(below: styles.count)]
        let pointSpread = stream.integer(below: 2) == 0 ? Spread.carefulPoint : Spread.fastPoint
        let radius = Spread.penRadius.lowerBound + stream.unitInterval() * (Spread.penRadius.upperBound - Spread.penRadius.lowerBound)
        let slant = Spread.slant * normal()
        let turn = Spread.turn * normal()
        let stretch = Point(1 + Spread.stretch * normal(), 1 + Spread.stretch * normal())

        var sheet = StrokeRaster()
        for stroke in style {
            let moved = stroke.points.map { point in
                let centred = point - 0.5 + Point(normal(), normal()) * pointSpread
                let scaled = centred * stretch
                // A turn by a small angle, to first order, and a slant to the right of what is high.
                let placed = Point(scaled.x - (turn + slant) * scaled.y, scaled.y + turn * scaled.x)
                return (placed * 0.55 + 0.5) * Double(StrokeRaster.side)
            }
            Hand.draw(stroke.isCurve ? Hand.smooth(moved) : moved, on: &sheet, radius: radius)
        }
        return sheet.image
    }

    /// A number of mean 0 and standard deviation 1, nearly normal: the sum of twelve uniform ones (Irwin and Hall), which needs no
    /// logarithm.
    private mutating func normal() -> Double {
        (0..<12).reduce(-6) { sum, _ in sum + stream.unitInterval() }
    }

    private static func draw(_ path: [Point], on sheet: inout StrokeRaster, radius: Double) {
        for (start, end) in zip(path, path.dropFirst()) { sheet.draw(from: start, to: end, radius: radius) }
    }

    /// The Catmull-Rom spline through the points (Catmull and Rom, "A Class of Local Interpolating Splines", 1974), in straight
    /// pieces; the first and the last point stand for their missing neighbours.
    private static func smooth(_ points: [Point]) -> [Point] {
        var path: [Point] = []
        for index in 0..<max(points.count - 1, 0) {
            let before = points[max(index - 1, 0)]
            let start = points[index]
            let end = points[index + 1]
            let after = points[min(index + 2, points.count - 1)]
            let startSlope = (end - before) * 0.5
            let endSlope = (after - start) * 0.5
            for piece in 0..<pieceCount {
                let t = Double(piece) / Double(pieceCount)
                let square = t * t
                let cube = square * t
                let startWeight = 2 * cube - 3 * square + 1
                let endWeight = 3 * square - 2 * cube
                let startSlopeWeight = cube - 2 * square + t
                let endSlopeWeight = cube - square
                path.append(start * startWeight + end * endWeight + startSlope * startSlopeWeight + endSlope * endSlopeWeight)
            }
        }
        return path + points.suffix(1)
    }
}
