import Classifiers
import Digits

/// A candidate's answers to all rows, each given by the model that was not trained on the row.
public struct OutOfFoldReport: Codable, Hashable, Sendable {
    public let rows: Int
    public let correct: Int
    /// Of all rows together, 0...1: where folds differ in size it is not quite the mean of their accuracies.
    public let accuracy: Double
    /// The ends of Wilson's 95 % interval of `accuracy`.
    public let wilson95: [Double]
    /// 10 x 10: row the true digit, column the answer.
    public let confusionMatrix: [[Int]]
    public let digits: [DigitMeasures]

    enum CodingKeys: String, CodingKey {
        case rows, correct, accuracy, digits
        case wilson95 = "wilson_95"
        case confusionMatrix = "confusion_matrix"
    }

    /// Nil unless the candidate succeeded on every fold.
    init?(_ candidate: CandidateResult, in search: GridSearch) {
        guard let answers = candidate.outOfFoldAnswers(folds: search.folds) else { return nil }
        let matrix = ConfusionMatrix(truth: search.dataset.labels, answers: answers)
        guard let accuracy = matrix.accuracy, let interval = WilsonInterval(correctCount: matrix.correctCount, total: matrix.total) else {
            return nil
        }
        rows = matrix.total
        correct = matrix.correctCount
        self.accuracy = accuracy
        wilson95 = [interval.lower, interval.upper]
        confusionMatrix = matrix.counts
        digits = DigitMeasures.all(of: matrix)
    }
}

extension CandidateResult {
    /// The digit predicted for each row of the data set by the model of the row's fold; nil unless every trial succeeded.
    public func outOfFoldAnswers(folds: FoldAssignment) -> [UInt8]? {
        var answers = [UInt8](repeating: 0, count: folds.foldOfRow.count)
        for (fold, success) in successes.enumerated() {
            guard let success else { return nil }
            for (row, answer) in zip(folds.testRows(fold: fold), success.predictions) { answers[row] = answer }
        }
        return answers
    }
}
