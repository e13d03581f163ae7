import Classifiers

/// Why a search cannot start, or has stopped.
public enum SearchError: Error, Hashable, Sendable {
    case malformedGrid(line: Int, column: Int, reason: String)
    case emptySearch
    case emptyGrid(classifier: ClassifierName, parameter: String)
    case tooManyCandidates(found: Int, limit: Int)
    case invalidCandidate(classifier: ClassifierName, reason: TrainingError)
    case foldRowCount(found: Int, expected: Int)
    case nothingSucceeded(classifier: ClassifierName?, reason: String)
    case journalExists(file: String)
    case journalInUse(file: String)
    case notAJournal(file: String)
    case journalMismatch(file: String, what: String, found: String, expected: String)
    case journalDamaged(file: String, line: Int, reason: String)
    case journalUnwritable(file: String, reason: String)
    case cancelled
}

extension SearchError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformedGrid(let line, let column, let reason):
            "line \(line), column \(column): \(reason)"
        case .emptySearch:
            "the search has no candidates; expected at least one classifier with its grid"
        case .emptyGrid(let classifier, let parameter):
            "\(classifier.rawValue): parameter '\(parameter)' has an empty list; expected at least one value"
        case .tooManyCandidates(let found, let limit):
            "the search has \(found == .max ? "far too many" : "\(found)") candidates; expected at most \(limit)"
        case .invalidCandidate(let classifier, let reason):
            "\(classifier.rawValue): \(reason)"
        case .foldRowCount(let found, let expected):
            "the folds are of \(found) rows; the data set has \(expected)"
        case .nothingSucceeded(let classifier, let reason):
            "no candidate\(classifier.map { " of \($0.rawValue)" } ?? "") could be trained: \(reason)"
        case .journalExists(let file):
            "\(file): an interrupted search has left finished trials here: go on with them (--resume), or remove the file to begin anew"
        case .journalInUse(let file):
            "\(file): another search is writing this journal"
        case .notAJournal(let file):
            "\(file): not the journal of a search; expected a first line with format digitd-journal, version 1"
        case .journalMismatch(let file, let what, let found, let expected):
            "\(file): the journal is of another \(what): found \(found), expected \(expected)"
        case .journalDamaged(let file, let line, let reason):
            "\(file): line \(line): \(reason)"
        case .journalUnwritable(let file, let reason):
            "\(file): cannot be written: \(reason)"
        case .cancelled:
            "the search was cancelled"
        }
    }
}
