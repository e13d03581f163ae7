import Classifiers
import Digits
import Experiments
import HTTPServing
import JSONText
import ModelFiles

/// Why a request is refused.
enum ServiceError: Error {
    /// The body does not hold the digits that its form says.
    case malformedDigits(DigitsError)
    case tooManyBitmaps(DigitsError)
    case unsupportedMediaType(found: String, supported: [String])
    /// Bytes that are no text, of no type that was said, and the kind of file that they begin as.
    case untypedBytes(FileSignature?, supported: [String])
    /// What the route does not read.
    case unknownField(name: String, place: FieldPlace, known: [String])
    case noSuchModel(ModelLookupError)
    case noReport(model: ClassifierName)
    case notReady
    /// A header field, a query item or a part of the path that is not what it has to be.
    case malformedField(name: String, found: String, expected: String)
    case malformedExperiment(ExperimentRequestError)
    /// `If-Match` or `If-None-Match`, with what was expected and found.
    case preconditionFailed(String)
    case experiments(ExperimentsError)
    case experimentsOff(reason: String)
    /// What should not happen; the log says more.
    case internalFailure
    /// The transport's or the router's own refusal.
    case refused(HTTPFailure)

    /// Where a field stands.
    enum FieldPlace: String {
        case query = "query item"
        case body = "field"
    }

    /// What endpoints throw.
    init(_ error: any Error) {
        switch error {
        case let error as ServiceError: self = error
        case let error as DigitsError:
            switch error {
            case .tooManyBitmaps, .inField(_, .tooManyBitmaps): self = .tooManyBitmaps(error)
            default: self = .malformedDigits(error)
            }
        case let error as ExperimentRequestError: self = .malformedExperiment(error)
        case let error as ExperimentsError: self = .experiments(error)
        case let error as ModelLookupError: self = .noSuchModel(error)
        default: self = .internalFailure
        }
    }

    /// Whether something is wrong with the server, which the log is to say. A bound that clients have reached is no fault, nor is a server
    /// that is stopping, or has started without experiments.
    var isServerFault: Bool {
        switch self {
        case .experiments(.tooManyListeners), .experiments(.feedbackFull), .notReady, .experimentsOff: false
        default: kind.status.code >= 500
        }
    }
}

extension ServiceError {
    /// What was found and what was expected, in one sentence.
    var detail: String {
        switch self {
        case .malformedDigits(let error), .tooManyBitmaps(let error): "\(error)"
        case .unsupportedMediaType(let found, let supported):
            "expected a body of type \(ServiceError.choice(of: supported)), or of no type said, found '\(found)'"
        case .untypedBytes(let signature, _):
            "expected a text, or packed bytes of type application/octet-stream, found "
                + (signature.map { "a \($0.rawValue) file" } ?? "other bytes") + " of no type said"
        case .unknownField(let name, let place, let known):
            "unknown \(place.rawValue) '\(name)'; "
                + (known.isEmpty ? "there are none here" : "known are \(known.joined(separator: ", "))") + name.suggestion(among: known)
        case .noSuchModel(.unknownModel(let found, let known)):
            "expected a model named \(ServiceError.choice(of: known.map(\.rawValue))), found '\(found)'"
        case .noSuchModel(.unknownVersion(let model, let found, let known)):
            "expected version \(ServiceError.choice(of: known.map(String.init))) of \(model.rawValue), found '\(found)'"
        case .noReport(let model): "the search that chose \(model.rawValue) left no report beside its model"
        case .notReady: "the server is about to stop"
        case .malformedField(let name, let found, let expected): "\(name): expected \(expected), found \(found)"
        case .malformedExperiment(let error): "\(error)"
        case .preconditionFailed(let detail): detail
        case .experiments(let error): isServerFault ? "the request could not be carried out; the server's log says why" : "\(error)"
        case .experimentsOff(let reason): "predictions are served, experiments are not: \(reason)"
        case .internalFailure: "the request could not be carried out; the server's log says why"
        case .refused(let failure): failure.detail
        }
    }

    /// Header fields that the answer carries besides its type.
    var headers: HTTPHeaders {
        switch self {
        case .unsupportedMediaType(_, let supported), .untypedBytes(_, let supported): ["Accept": supported.joined(separator: ", ")]
        case .notReady: ["Retry-After": "1"]
        case .experiments(.queueFull): ["Retry-After": "30"]
        case .experiments(.tooManyListeners), .experiments(.databaseBusy): ["Retry-After": "5"]
        case .malformedDigits, .tooManyBitmaps, .noSuchModel, .noReport, .malformedField, .unknownField, .malformedExperiment,
            .preconditionFailed, .experiments, .experimentsOff, .internalFailure, .refused:
            [:]
        }
    }

    private static func choice(of names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }
}
