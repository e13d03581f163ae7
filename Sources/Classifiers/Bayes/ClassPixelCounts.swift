import CBitKernels
import Digits

/// How many training rows there are of each class, and in how many of them each pixel is set: all that naive Bayes learns from bits.
public struct ClassPixelCounts: Sendable {
    /// The digits, ascending.
    let classes: [UInt8]
    /// Rows of each class, 1 or more.
    let rowCounts: [Int]
    /// Classes x 256 pixels: rows in which the pixel is set.
    let setCounts: [Int]

    /// - Precondition: one row count a class, 256 set counts a class, none above its class's rows.
    init(classes: [UInt8], rowCounts: [Int], setCounts: [Int]) {
        precondition(rowCounts.count == classes.count && setCounts.count == classes.count * Bitmap.pixelCount)
        self.classes = classes
        self.rowCounts = rowCounts
        self.setCounts = setCounts
    }

    /// Counts 64 rows at a time: turned into a word for every pixel, they are a popcount each.
    ///
    /// - Throws: `TrainingError.rowOutOfRange`, `.tooFewClasses`, `.cancelled`.
    init(_ dataset: DigitDataset, rows: [Int]) throws(TrainingError) {
        let rows = try RowsByClass(dataset, rows: rows)
        var setCounts = [Int](repeating: 0, count: rows.classes.count * Bitmap.pixelCount)
        var columns = [UInt64](repeating: 0, count: Bitmap.pixelCount)
        for position in rows.classes.indices {
            if Task.isCancelled { throw .cancelled }
            let range = rows.range(ofClass: position)
            for first in stride(from: range.lowerBound, to: range.upperBound, by: 64) {
                let part = first..<min(first + 64, range.upperBound)
                rows.withWords(of: part) { words in
                    guard let words else { return }
                    bk_columns(words, part.count, &columns, 1)
                }
                for pixel in 0..<Bitmap.pixelCount {
                    setCounts[position * Bitmap.pixelCount + pixel] += columns[pixel].nonzeroBitCount
                }
            }
        }
        self.init(
            classes: rows.classes, rowCounts: rows.classes.indices.map { rows.range(ofClass: $0).count }, setCounts: setCounts)
    }

    /// Rows of all classes.
    var rowCount: Int { rowCounts.reduce(0, +) }

    /// In how many rows of a class each of the 256 pixels is set.
    func setCounts(ofClass position: Int) -> ArraySlice<Int> {
        setCounts[position * Bitmap.pixelCount..<(position + 1) * Bitmap.pixelCount]
    }
}
