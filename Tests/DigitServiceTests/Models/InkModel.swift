import Classifiers
import Digits

/// A classifier whose answers can be told by heart: the digit is the number of ink pixels modulo 10, plus the model's version.
///
/// Its probability is 0.25, and that of the next digit 0.75: an answer is not the most probable digit, as the vote of a support vector
/// machine need not be.
struct InkParameters: ClassifierParameters {
    static let classifier = ClassifierName.svm

    init() {}
    init(values: ParameterValues) throws(TrainingError) { try values.requireOnly(["C"]) }

    var values: ParameterValues { ParameterValues(["C": .number(2.5), "gamma": .null]) }
    var predictionCost: Double { 1 }

    func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> InkModel { InkModel() }
}

struct InkModel: ClassifierModel {
    struct Payload: Codable, Sendable {}

    var version = 0
    /// Called before every prediction.
    var willPredict: @Sendable () -> Void = {}

    var parameters: InkParameters { InkParameters() }
    var classes: [UInt8] { Array(0...9) }
    var trainingReport: TrainingReport { TrainingReport(converged: false, measures: ["iterations": 12]) }
    var payload: Payload { Payload() }

    init(version: Int = 0, willPredict: @escaping @Sendable () -> Void = {}) {
        self.version = version
        self.willPredict = willPredict
    }

    init(parameters: InkParameters, classes: [UInt8], trainingReport: TrainingReport, payload: Payload) throws(TrainingError) {}

    func digit(for bitmap: Bitmap) -> UInt8 {
        willPredict()
        return UInt8((bitmap.inkCount + version) % 10)
    }

    func scores(for bitmap: Bitmap) -> DigitScores {
        let digit = Int(digit(for: bitmap))
        var scores = DigitScores.zero
        scores[digit] = 0.25
        scores[(digit + 1) % 10] = 0.75
        return scores
    }

    func prediction(for bitmap: Bitmap) -> Prediction {
        let scores = scores(for: bitmap)
        return Prediction(digit: UInt8((bitmap.inkCount + version) % 10), probabilities: scores)
    }
}
