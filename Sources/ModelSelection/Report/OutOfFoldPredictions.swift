import Classifiers
import Digits

/// What the best candidate of each classifier answers for every row, each time by the model of the row's fold, which was not trained on it.
public struct OutOfFoldPredictions: Sendable {
    private let labels: [UInt8]
    private let foldOfRow: [Int]
    /// In the order of the search; of classifiers that have a candidate that succeeded on every fold.
    private let answers: [(classifier: ClassifierName, digits: [UInt8])]

    public init(_ result: SearchResult) {
        labels = result.search.dataset.labels
        foldOfRow = result.search.folds.foldOfRow
        answers = result.classifiers.compactMap { classifier in
            result.best(of: classifier)?.outOfFoldAnswers(folds: result.search.folds).map { (classifier, $0) }
        }
    }

    /// Comma-separated values: `row`, `label`, `fold` and a column a classifier; a line a row of the data set, rows and folds from 0.
    public func commaSeparated() -> String {
        var text = (["row", "label", "fold"] + answers.map(\.classifier.rawValue)).joined(separator: ",") + "\r\n"
        for row in labels.indices {
            let numbers = [row, Int(labels[row]), foldOfRow[row]] + answers.map { Int($0.digits[row]) }
            text += numbers.map(String.init).joined(separator: ",") + "\r\n"
        }
        return text
    }
}
