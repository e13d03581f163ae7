/// Why a classifier could not be trained, or a trained one could not be read.
public enum TrainingError: Error, Hashable, Sendable {
    case unknownParameter(name: String, known: [String])
    case invalidParameter(name: String, found: ParameterValue, expected: String)
    case rowOutOfRange(found: Int, rowCount: Int)
    case tooFewClasses(found: Int)
    case invalidModel(field: String, found: String, expected: String)
    /// A solver has met numbers that it cannot continue with.
    case noSolution(reason: String)
    /// A library that a solver needs is not installed.
    case libraryMissing(name: String, reason: String)
    case cancelled
}

extension TrainingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownParameter(let name, let known):
            known.isEmpty
                ? "unknown parameter '\(name)'; there are none" : "unknown parameter '\(name)'; known are \(known.joined(separator: ", "))"
        case .invalidParameter(let name, let found, let expected):
            "parameter '\(name)' is \(TrainingError.words(for: found)); expected \(expected)"
        case .rowOutOfRange(let found, let rowCount):
            "row \(found) is not in the data set; it has rows 0 to \(rowCount - 1)"
        case .tooFewClasses(let found):
            "the training rows show \(found) digit\(found == 1 ? "" : "s"); at least 2 are needed"
        case .invalidModel(let field, let found, let expected):
            "model field '\(field)' is \(found); expected \(expected)"
        case .noSolution(let reason):
            "there is no solution: \(reason)"
        case .libraryMissing(let name, let reason):
            "the library \(name) is missing: \(reason)"
        case .cancelled:
            "training was cancelled"
        }
    }
    /// A text is named as one, since "1" does not read otherwise than 1.
    private static func words(for value: ParameterValue) -> String {
        if case .text(let text) = value { "the text '\(text)'" } else { "\(value)" }
    }
}
