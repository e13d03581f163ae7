extension Bitmap {
    /// Grey values above this are ink: the threshold of the study.
    public static let inkThreshold: UInt8 = 127

    /// The picture of one digit, prepared as Semeion was: cropped to its ink, stretched to 16 x 16 grey values, each the average
    /// over the area that it stands for, and those above the threshold taken as ink.
    ///
    /// Height and width are stretched each for itself, so that a narrow digit becomes a wide one. Exact: sums of whole numbers,
    /// without rounding.
    /// - Throws: `DigitsError.noInk` where no pixel is above the threshold.
    public init(stretching image: GreyImage, threshold: UInt8 = Bitmap.inkThreshold) throws(DigitsError) {
        guard let ink = image.inkBounds(threshold: threshold) else { throw .noInk }
        // In units of a sixteenth of a pixel every source pixel is 16 wide and every cell as wide as the ink has pixels.
        let columns = AreaShares(sourceCount: ink.columns.count)
        let rows = AreaShares(sourceCount: ink.rows.count)
        var sums = [Int](repeating: 0, count: Bitmap.pixelCount)
        var rowSums = [Int](repeating: 0, count: Bitmap.side)
        for row in 0..<ink.rows.count {
            for cell in 0..<Bitmap.side { rowSums[cell] = 0 }
            let start = (ink.rows.lowerBound + row) * image.width + ink.columns.lowerBound
            for column in 0..<ink.columns.count {
                let grey = Int(image.pixels[start + column])
                guard grey > 0 else { continue }
                columns.spread(column) { cell, share in rowSums[cell] += share * grey }
            }
            rows.spread(row) { cell, share in
                for column in 0..<Bitmap.side { sums[cell * Bitmap.side + column] += share * rowSums[column] }
            }
        }
        let level = Int(threshold) * ink.columns.count * ink.rows.count
        self = .blank
        for pixel in 0..<Bitmap.pixelCount where sums[pixel] > level { self[pixel] = true }
    }
}

extension GreyImage {
    /// The smallest rectangle that holds every pixel above the threshold; nil without any.
    fileprivate func inkBounds(threshold: UInt8) -> (rows: Range<Int>, columns: Range<Int>)? {
        var (top, bottom, left, right) = (height, -1, width, -1)
        for row in 0..<height {
            for column in 0..<width where pixels[row * width + column] > threshold {
                top = min(top, row)
                bottom = row
                left = min(left, column)
                right = max(right, column)
            }
        }
        return bottom < 0 ? nil : (top..<bottom + 1, left..<right + 1)
    }
}

/// How the pixels along one side of a picture are shared out among 16 cells of equal width.
private struct AreaShares {
    let sourceCount: Int

    /// Calls `body` with each cell that the source pixel overlaps, and the length of the overlap; those of one cell add up to
    /// `sourceCount`.
    @inline(__always)
    func spread(_ source: Int, _ body: (_ cell: Int, _ share: Int) -> Void) {
        let start = source * Bitmap.side
        let end = start + Bitmap.side
        var cell = start / sourceCount
        while cell * sourceCount < end {
            body(cell, min(end, (cell + 1) * sourceCount) - max(start, cell * sourceCount))
            cell += 1
        }
    }
}
