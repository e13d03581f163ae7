import Digits
import JSONText
import ModelSelection

/// What is wrong with a request for an experiment.
public enum ExperimentRequestError: Error, Hashable, Sendable {
    /// Not JSON, with line and column, or a field that stands there twice.
    case notJSON(JSONTextError)
    /// A field that digitd does not know: a slip of the pen must not silently change a search.
    case unknownField(name: String, known: [String])
    case invalidValue(field: String, found: String, expected: String)
    /// A field that means nothing beside another one.
    case fieldNotApplicable(field: String, reason: String)
    case invalidFolds(DigitsError)
    /// The search cannot be expanded: a wrong hyperparameter, too many candidates.
    case invalidSearch(SearchError)
}

extension ExperimentRequestError {
    /// The field that is at fault, as a path: `search[0].grid`; nil where the text is no JSON.
    public var field: String? {
        switch self {
        case .notJSON: nil
        case .unknownField(let name, _): name
        case .invalidValue(let field, _, _): field
        case .fieldNotApplicable(let field, _): field
        case .invalidFolds: "folds"
        case .invalidSearch: "search"
        }
    }
}

extension ExperimentRequestError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notJSON(let error): "\(error)"
        case .unknownField(let name, let known):
            "unknown field '\(name)'; known are \(known.joined(separator: ", "))"
                + String(name.split(separator: ".").last ?? "").suggestion(among: known)
        case .invalidValue(let field, let found, let expected): "field '\(field)': expected \(expected), found \(found)"
        case .fieldNotApplicable(let field, let reason): "field '\(field)': \(reason)"
        case .invalidFolds(let error): "field 'folds': \(error)"
        case .invalidSearch(let error): "field 'search': \(error)"
        }
    }
}
