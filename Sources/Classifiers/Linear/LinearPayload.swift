import Digits

/// The numbers of linear machines, one a class, as they stand in a model document.
public struct LinearPayload: Codable, Hashable, Sendable {
    /// Classes x 256 pixels.
    let weights: [Double]
    /// One a class.
    let intercepts: [Double]

    /// - Throws: `TrainingError.invalidModel` naming the field that does not fit: not digits in ascending order, lists of another length, a
    ///   number that is not finite, or numbers of a class that are not finite in sum.
    func validate(classes: [UInt8]) throws(TrainingError) {
        try ModelClasses.validate(classes)
        for (field, values, expected) in [
            ("weights", weights, classes.count * Bitmap.pixelCount), ("intercepts", intercepts, classes.count),
        ] {
            guard values.count == expected else {
                throw .invalidModel(field: field, found: "\(values.count) numbers", expected: "\(expected) numbers")
            }
            if let index = values.firstIndex(where: { !$0.isFinite }) {
                throw .invalidModel(field: "\(field)[\(index)]", found: "\(values[index])", expected: "a finite number")
            }
        }
        for (position, intercept) in intercepts.enumerated() {
            let ofClass = weights[(position * Bitmap.pixelCount)..<((position + 1) * Bitmap.pixelCount)]
            let sum = ofClass.reduce(intercept.magnitude) { $0 + $1.magnitude }
            guard sum.isFinite else {
                throw .invalidModel(field: "weights", found: "numbers of class \(position) that add up to \(sum)", expected: "a finite sum")
            }
        }
    }
}
