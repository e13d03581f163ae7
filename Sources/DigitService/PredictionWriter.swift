import Classifiers

/// Writes predictions as JSON or text, into one buffer and without a `String`.
///
/// Probabilities are rounded to six decimals, always written; the confidence is the same text as the entry of its digit.
struct PredictionWriter {
    private(set) var bytes: [UInt8] = []

    /// - Parameter predictionCount: how many predictions will be written; room is made for them at once.
    init(predictionCount: Int) {
        bytes.reserveCapacity(predictionCount * PredictionWriter.bytesPerPrediction + 64)
    }

    private static let bytesPerPrediction = 150

    /// `{"digit":7,"confidence":0.981234,"probabilities":[0.000123,…]`, the closing brace left to the caller.
    mutating func appendOpenObject(_ prediction: Prediction) {
        append("{\"digit\":")
        bytes.append(UInt8(ascii: "0") + prediction.digit)
        append(",\"confidence\":")
        append(millionths: PredictionWriter.millionths(prediction.confidence))
        append(",\"probabilities\":[")
        for digit in 0..<10 {
            if digit > 0 { bytes.append(UInt8(ascii: ",")) }
            append(millionths: PredictionWriter.millionths(prediction.probabilities[digit]))
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// The digit on a line of its own.
    mutating func appendLine(_ prediction: Prediction) {
        bytes.append(UInt8(ascii: "0") + prediction.digit)
        bytes.append(UInt8(ascii: "\n"))
    }

    mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func append(_ more: [UInt8]) {
        bytes.append(contentsOf: more)
    }

    /// A probability in millionths, rounded half up.
    private static func millionths(_ probability: Double) -> UInt32 {
        UInt32(min(max(probability, 0), 1) * 1e6 + 0.5)
    }

    /// `0.981234`, and `1.000000` for a million.
    private mutating func append(millionths: UInt32) {
        var rest = millionths
        var digits = SIMD8<UInt8>(repeating: UInt8(ascii: "0"))
        for place in stride(from: 7, through: 2, by: -1) {
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
            digits[place] &+= UInt8(truncatingIfNeeded: remainder)
            rest = quotient
        }
        digits[1] = UInt8(ascii: ".")
        digits[0] &+= UInt8(truncatingIfNeeded: rest)
        withUnsafeBytes(of: digits) { bytes.append(contentsOf: $0) }
    }
}
