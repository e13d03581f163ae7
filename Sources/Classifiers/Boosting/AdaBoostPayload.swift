import Digits

/// The numbers of boosted stumps, as they stand in a model document: one a stump in each list, in the order of boosting.
public struct AdaBoostPayload: Codable, Sendable {
    /// 0...255
    let pixels: [Int]
    /// What a stump answers where its pixel is not set, one of the model's classes.
    let unsetDigits: [UInt8]
    /// What it answers where its pixel is set.
    let setDigits: [UInt8]
    /// alpha without the learning rate, which all stumps have in common; above 0 and up to 64. Votes are counted in units of 2^-40.
    let weights: [Double]

    init(_ stumps: [Stump]) {
        pixels = stumps.map(\.pixel)
        unsetDigits = stumps.map(\.unsetDigit)
        setDigits = stumps.map(\.setDigit)
        weights = stumps.map(\.weight)
    }

    /// - Throws: `TrainingError.invalidModel` naming the field that does not fit: not digits in ascending order, more stumps than
    ///   `stumpCount`, lists of several lengths, a pixel, digit or weight out of range.
    func validatedStumps(stumpCount: Int, classes: [UInt8]) throws(TrainingError) -> [Stump] {
        try ModelClasses.validate(classes)
        guard pixels.count <= stumpCount else {
            throw .invalidModel(field: "pixels", found: "\(pixels.count) stumps", expected: "at most \(stumpCount)")
        }
        for (field, count) in [("unsetDigits", unsetDigits.count), ("setDigits", setDigits.count), ("weights", weights.count)]
        where count != pixels.count {
            throw .invalidModel(field: field, found: "\(count) numbers", expected: "\(pixels.count), as many as pixels")
        }
        if let index = pixels.firstIndex(where: { !(0..<Bitmap.pixelCount).contains($0) }) {
            throw .invalidModel(field: "pixels[\(index)]", found: "\(pixels[index])", expected: "0 to \(Bitmap.pixelCount - 1)")
        }
        for (field, digits) in [("unsetDigits", unsetDigits), ("setDigits", setDigits)] {
            if let index = digits.firstIndex(where: { !classes.contains($0) }) {
                throw .invalidModel(field: "\(field)[\(index)]", found: "\(digits[index])", expected: "one of \(classes)")
            }
        }
        if let index = weights.firstIndex(where: { !($0 > 0 && $0 <= Stump.largestWeight) }) {
            throw .invalidModel(
                field: "weights[\(index)]", found: "\(weights[index])", expected: "above 0 and up to \(Stump.largestWeight)")
        }
        return pixels.indices.map {
            Stump(pixel: pixels[$0], unsetDigit: unsetDigits[$0], setDigit: setDigits[$0], weight: weights[$0])
        }
    }
}
