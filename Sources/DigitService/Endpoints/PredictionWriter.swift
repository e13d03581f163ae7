import Classifiers

/// Writes predictions of one model as JSON.
///
/// Probabilities are rounded to six decimals, and all six are always written: a prediction takes the same number of bytes whatever it is,
/// so that an answer is a text made beforehand in which a digit and eleven numbers are put in their places. The confidence is the same
/// text as the probability of its digit. Ten rounded numbers may sum to up to 0.000005 more or less than one.
struct PredictionWriter: Sendable {
    /// `{"digit":0,"confidence":0.000000,"probabilities":[0.000000,…],"model":{"name":"svm","version":1}}` and a newline.
    private let answer: [UInt8]
    /// Ends an answer with many predictions: `],"model":{"name":"svm","version":1}}` and a newline.
    private let listEnd: [UInt8]

    init(model: ClassifierName, version: Int) {
        let end = ",\"model\":{\"name\":\"\(model.rawValue)\",\"version\":\(version)}}\n"
        answer = PredictionWriter.openObject + Array(end.utf8)
        listEnd = Array("]\(end)".utf8)
    }

    /// The answer for the one bitmap that was sent.
    func json(_ prediction: Prediction) -> [UInt8] {
        var bytes = answer
        PredictionWriter.fill(&bytes, at: 0, with: prediction)
        return bytes
    }

    /// The answer for a batch.
    func json(_ predictions: some RandomAccessCollection<Prediction>) -> [UInt8] {
        var bytes = PredictionWriter.listStart
        bytes.reserveCapacity(bytes.count + predictions.count * (PredictionWriter.listItem.count + 1) + listEnd.count)
        for prediction in predictions {
            if bytes.count > PredictionWriter.listStart.count { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: PredictionWriter.listItem)
            PredictionWriter.fill(&bytes, at: bytes.count - PredictionWriter.listItem.count, with: prediction)
        }
        bytes.append(contentsOf: listEnd)
        return bytes
    }

    private static let listStart = Array("{\"predictions\":[".utf8)
    private static let listItem = openObject + Array("}".utf8)
    private static let openObject = Array(
        ("{\"digit\":0,\"confidence\":0.000000,\"probabilities\":["
            + [String](repeating: "0.000000", count: 10).joined(separator: ",") + "]").utf8)

    /// Where the values of an object stand, in bytes from its start.
    private enum Place {
        static let digit = 9
        static let confidence = 24
        static let probabilities = 50
        /// A number and its comma.
        static let probabilityStride = 9
    }

    private static func fill(_ bytes: inout [UInt8], at start: Int, with prediction: Prediction) {
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        raw.storeBytes(of: UInt8(ascii: "0") + prediction.digit, toByteOffset: start + Place.digit, as: UInt8.self)
        raw.storeBytes(of: characters(prediction.confidence), toByteOffset: start + Place.confidence, as: UInt64.self)
        for digit in 0..<10 {
            raw.storeBytes(
                of: characters(prediction.probabilities[digit]),
                toByteOffset: start + Place.probabilities + digit * Place.probabilityStride, as: UInt64.self)
        }
    }

    /// The eight characters of a probability rounded half up, such as `0.981234`, in the order they stand in memory.
    private static func characters(_ probability: Double) -> UInt64 {
        let millionths = UInt64(min(max(0, probability), 1) * 1e6 + 0.5)
        let whole = millionths / 1_000_000
        let fraction = millionths - whole * 1_000_000
        // Pairs of decimals in lanes of 16 bits, then all three pairs are split into tens and ones at once: up to 99, a tenth is 103/1024.
        let pairs = fraction / 10_000 | (fraction / 100 % 100) << 16 | (fraction % 100) << 32
        let tens = (pairs &* 103) >> 10 & 0x000F_000F_000F
        let ones = pairs &- tens &* 10
        let digits = whole | (tens | ones << 8) << 16
        return (digits + 0x3030_3030_3030_2E30).littleEndian
    }
}
