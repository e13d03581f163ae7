import Digits

/// Pictures of digits: as data, as sheets, rebuilt from components, and those that were taken for others.
public enum DigitPictures {
    /// One digit twice: its 256 values, and the picture that they are.
    public static func dataAndPicture(_ bitmap: Bitmap, label: UInt8, dataset: String) -> Figure {
        let cell = 16.0
        let side = cell * Double(Bitmap.side)
        var svg = SVGDocument(
            width: 2 * side + 100, height: side + 100, title: "A digit as data and as a picture",
            note: "\(dataset), a \(label): 16 x 16 pixels, 1 is ink")
        for row in 0..<Bitmap.side {
            for column in 0..<Bitmap.side {
                let isInk = bitmap[row * Bitmap.side + column]
                svg.text(
                    isInk ? "1" : "0", x: 20 + (Double(column) + 0.5) * cell, y: 70 + (Double(row) + 0.75) * cell, anchor: .middle,
                    style: isInk ? "data" : "data note")
            }
        }
        svg.image(PNGImage(GreyImage(bitmap)), x: side + 60, y: 70, width: side, height: side)
        svg.rectangle(x: side + 60, y: 70, width: side, height: side, style: "frame")
        return Figure("digit", svg: svg)
    }

    /// One digit, 16 pixels for each of its own.
    public static func picture(_ bitmap: Bitmap) -> Figure {
        Figure("digit", png: PNGImage(GreyImage(bitmap), scale: 16))
    }

    /// Up to 100 digits in ten rows.
    public static func sheet(_ bitmaps: [Bitmap]) -> Figure {
        let columnCount = 10
        let gap = 4
        let pitch = Bitmap.side + gap
        let shown = bitmaps.prefix(columnCount * columnCount)
        let rowCount = max(1, (shown.count + columnCount - 1) / columnCount)
        let width = columnCount * pitch + gap
        var pixels = [UInt8](repeating: 0, count: width * (rowCount * pitch + gap))
        for (place, bitmap) in shown.enumerated() {
            let top = gap + place / columnCount * pitch
            let left = gap + place % columnCount * pitch
            for pixel in 0..<Bitmap.pixelCount where bitmap[pixel] {
                pixels[(top + pixel / Bitmap.side) * width + left + pixel % Bitmap.side] = 255
            }
        }
        return Figure("sheet", png: PNGImage(GreyImage(width: width, height: rowCount * pitch + gap, pixels: pixels), scale: 4))
    }

    /// Digits rebuilt from their principal components.
    public struct Reconstruction: Sendable {
        /// Such as `90 % of the variance`.
        let name: String
        /// Such as `77 components`.
        let note: String
        /// For each digit shown 256 values, about 0 for paper and 1 for ink.
        let digits: [[Double]]

        public init(name: String, note: String, digits: [[Double]]) {
            self.name = name
            self.note = note
            self.digits = digits
        }
    }

    /// Digits and what is left of them at several levels of compression, a row a level.
    ///
    /// - Precondition: every level has as many digits as there are originals.
    public static func reconstructions(of originals: [Bitmap], levels: [Reconstruction], dataset: String) -> Figure {
        precondition(levels.allSatisfy { $0.digits.count == originals.count })
        let side = 64.0
        let pitch = side + 8
        let left = 170.0
        var svg = SVGDocument(
            width: left + Double(originals.count) * pitch + 20, height: 80 + Double(levels.count + 1) * pitch,
            title: "Digits rebuilt from their principal components", note: "\(dataset); grey is what the components left undecided")
        func row(_ index: Int, _ name: String, _ note: String, _ images: [GreyImage]) {
            let top = 70 + Double(index) * pitch
            svg.text(name, x: 20, y: top + side / 2 - 2)
            svg.text(note, x: 20, y: top + side / 2 + 16, style: "note")
            for (column, image) in images.enumerated() {
                let x = left + Double(column) * pitch
                svg.image(PNGImage(image), x: x, y: top, width: side, height: side)
                svg.rectangle(x: x, y: top, width: side, height: side, style: "frame")
            }
        }
        row(0, "as drawn", "256 pixels", originals.map { GreyImage($0) })
        for (index, level) in levels.enumerated() { row(index + 1, level.name, level.note, level.digits.map { GreyImage(inkShares: $0) }) }
        return Figure("pca-reconstructions", svg: svg)
    }

    /// A digit that was taken for another.
    public struct Mistake: Sendable {
        let bitmap: Bitmap
        let row: Int
        let truth: UInt8
        let answer: UInt8

        public init(bitmap: Bitmap, row: Int, truth: UInt8, answer: UInt8) {
            self.bitmap = bitmap
            self.row = row
            self.truth = truth
            self.answer = answer
        }
    }

    /// Every mistake with the true digit and the answer.
    ///
    /// - Parameter note: which model made them, and of how many digits.
    public static func mistakes(_ mistakes: [Mistake], note: String) -> Figure {
        let columnCount = 10
        let side = 64.0
        let (pitchX, pitchY) = (side + 24, side + 46)
        let rowCount = max(1, (mistakes.count + columnCount - 1) / columnCount)
        var svg = SVGDocument(
            width: Double(columnCount) * pitchX + 30, height: 80 + Double(rowCount) * pitchY, title: "Digits taken for others",
            note: note)
        for (place, mistake) in mistakes.enumerated() {
            let x = 20 + Double(place % columnCount) * pitchX
            let y = 70 + Double(place / columnCount) * pitchY
            svg.image(PNGImage(GreyImage(mistake.bitmap)), x: x, y: y, width: side, height: side)
            svg.rectangle(x: x, y: y, width: side, height: side, style: "frame")
            svg.text("true \(mistake.truth), read \(mistake.answer)", x: x + side / 2, y: y + side + 16, anchor: .middle, style: "small")
            svg.text("row \(mistake.row)", x: x + side / 2, y: y + side + 30, anchor: .middle, style: "note small")
        }
        return Figure("misclassified", svg: svg)
    }
}

extension GreyImage {
    fileprivate init(_ bitmap: Bitmap) {
        self.init(width: Bitmap.side, height: Bitmap.side, pixels: (0..<Bitmap.pixelCount).map { bitmap[$0] ? 255 : 0 })
    }

    /// - Parameter inkShares: 256 values; below 0 is paper and above 1 ink.
    fileprivate init(inkShares: [Double]) {
        self.init(
            width: Bitmap.side, height: Bitmap.side, pixels: inkShares.map { UInt8((min(max($0, 0), 1) * 255).rounded()) })
    }
}
