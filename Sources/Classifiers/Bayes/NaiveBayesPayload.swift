import Digits

/// The counts of a naive Bayes model, as they stand in a model document; probabilities and densities follow from them and from the parameters.
public struct NaiveBayesPayload: Codable, Hashable, Sendable {
    /// Training rows of each class.
    let rowCounts: [Int]
    /// Classes x 256 pixels: in how many rows of the class the pixel is set.
    let setCounts: [Int]

    init(_ counts: ClassPixelCounts) {
        rowCounts = counts.rowCounts
        setCounts = counts.setCounts
    }

    /// - Throws: `TrainingError.invalidModel` naming the field that does not fit: not digits in ascending order, lists of another length, a
    ///   class without rows, a pixel set in more rows than there are.
    func validatedCounts(classes: [UInt8]) throws(TrainingError) -> ClassPixelCounts {
        try ModelClasses.validate(classes)
        for (field, found, expected) in [
            ("rowCounts", rowCounts.count, classes.count), ("setCounts", setCounts.count, classes.count * Bitmap.pixelCount),
        ] where found != expected {
            throw .invalidModel(field: field, found: "\(found) elements", expected: "\(expected) elements")
        }
        if let position = rowCounts.firstIndex(where: { !(1...Int(Int32.max)).contains($0) }) {
            throw .invalidModel(field: "rowCounts[\(position)]", found: "\(rowCounts[position])", expected: "1 to \(Int32.max)")
        }
        if let place = setCounts.indices.first(where: { !(0...rowCounts[$0 / Bitmap.pixelCount]).contains(setCounts[$0]) }) {
            throw .invalidModel(
                field: "setCounts[\(place)]", found: "\(setCounts[place])", expected: "0 to \(rowCounts[place / Bitmap.pixelCount])")
        }
        return ClassPixelCounts(classes: classes, rowCounts: rowCounts, setCounts: setCounts)
    }
}
