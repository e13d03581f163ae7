import Classifiers
import Digits
import ModelSelection

/// How a model did on a data set, as JSON and as text.
struct Evaluation: Encodable {
    let classifier: ClassifierName
    let dataset: SearchReport.Dataset
    /// Whether the model was trained on these very rows.
    let isTrainingSet: Bool
    let correct: Int
    /// Share of right answers, 0...1.
    let accuracy: Double?
    /// 10 x 10: row the true digit, column the answer.
    let confusionMatrix: [[Int]]
    let digits: [DigitMeasures]

    enum CodingKeys: String, CodingKey {
        case classifier, dataset, correct, accuracy, digits
        case isTrainingSet = "is_training_set"
        case confusionMatrix = "confusion_matrix"
    }

    init(classifier: ClassifierName, dataset: DigitDataset, matrix: ConfusionMatrix, isTrainingSet: Bool) {
        self.classifier = classifier
        self.dataset = SearchReport.Dataset(dataset)
        self.isTrainingSet = isTrainingSet
        correct = matrix.correctCount
        accuracy = matrix.accuracy
        confusionMatrix = matrix.counts
        digits = DigitMeasures.all(of: matrix)
    }

    func text(width: Int?) -> String {
        var text =
            "\(classifier.rawValue) on \(dataset.name.printable): \(correct) of \(dataset.rows) right, \(accuracy?.percent ?? "-")\n"
        if isTrainingSet { text += "These are the rows that it was trained on; its document has the cross-validated accuracy.\n" }
        var confusion = TextTable([("true", .right)] + digits.map { ("\($0.digit)", .right) })
        for (digit, counts) in confusionMatrix.enumerated() {
            confusion.append(["\(digit)"] + counts.map { $0 == 0 ? "." : "\($0)" })
        }
        var measures = TextTable([
            ("digit", .right), ("shown", .right), ("precision", .right), ("recall", .right), ("F1", .right),
        ])
        for row in digits {
            measures.append(
                ["\(row.digit)", "\(row.support)"] + [row.precision, row.recall, row.f1].map { $0?.decimals(4) ?? "-" })
        }
        return text.wrapped(toWidth: width) + "\nAnswers by true digit\n" + confusion.text(width: width) + "\n"
            + measures.text(width: width)
    }
}
