import Digits

/// The numbers of a linear discriminant analysis, as they stand in a model document.
public struct LinearDiscriminantPayload: Codable, Hashable, Sendable {
    /// Classes x 256 and classes: the discriminants.
    let machines: LinearPayload
    /// 256: what the transform takes from a bitmap first.
    let center: [Double]
    /// Components x 256: the transform; none for the solver that has none.
    let scalings: [Double]

    /// - Throws: `TrainingError.invalidModel` naming the field that does not fit.
    func validate(classes: [UInt8]) throws(TrainingError) {
        try machines.validate(classes: classes)
        guard center.count == Bitmap.pixelCount else {
            throw .invalidModel(field: "center", found: "\(center.count) numbers", expected: "\(Bitmap.pixelCount) numbers")
        }
        guard scalings.count.isMultiple(of: Bitmap.pixelCount), scalings.count < classes.count * Bitmap.pixelCount else {
            throw .invalidModel(
                field: "scalings", found: "\(scalings.count) numbers",
                expected: "\(Bitmap.pixelCount) for each component, of which there are at most \(classes.count - 1)")
        }
        for (field, values) in [("center", center), ("scalings", scalings)] {
            if let index = values.firstIndex(where: { !$0.isFinite }) {
                throw .invalidModel(field: "\(field)[\(index)]", found: "\(values[index])", expected: "a finite number")
            }
        }
    }
}
