import Classifiers
import Digits
import HTTPServing

/// Why a request is refused.
enum ServiceError: Error {
    /// The body does not hold the digits that its form says.
    case malformedDigits(DigitsError)
    case unsupportedMediaType(found: String, supported: [String])
    case unknownModel(found: String, known: [String])
    case unknownVersion(model: ClassifierName, found: String, known: [Int])
    case noReport(model: ClassifierName)
    case notReady
    /// The transport's or the router's own refusal.
    case refused(HTTPFailure)
}

extension ServiceError {
    /// The one place where errors become status codes.
    var status: HTTPStatus {
        switch self {
        case .malformedDigits(.tooManyBitmaps), .malformedDigits(.inField(_, .tooManyBitmaps)): .contentTooLarge
        case .malformedDigits: .badRequest
        case .unsupportedMediaType: .unsupportedMediaType
        case .unknownModel, .unknownVersion, .noReport: .notFound
        case .notReady: .serviceUnavailable
        case .refused(let failure): failure.status
        }
    }

    /// What kind of problem it is, by a name that does not change.
    var kind: String {
        switch self {
        case .malformedDigits(.tooManyBitmaps), .malformedDigits(.inField(_, .tooManyBitmaps)): "too-many-bitmaps"
        case .malformedDigits: "malformed-digits"
        case .unsupportedMediaType: "unsupported-media-type"
        case .unknownModel: "unknown-model"
        case .unknownVersion: "unknown-version"
        case .noReport: "no-report"
        case .notReady: "not-ready"
        case .refused(let failure): failure.status.reasonPhrase.lowercased().map { $0 == " " ? "-" : String($0) }.joined()
        }
    }

    /// The kind in words.
    var title: String {
        switch self {
        case .malformedDigits(.tooManyBitmaps), .malformedDigits(.inField(_, .tooManyBitmaps)): "Too many bitmaps"
        case .malformedDigits: "The body holds no digit"
        case .unsupportedMediaType: "Unsupported content type"
        case .unknownModel: "Unknown model"
        case .unknownVersion: "Unknown version of a model"
        case .noReport: "No report"
        case .notReady: "Not ready"
        case .refused(let failure): failure.status.reasonPhrase
        }
    }

    /// What was found and what was expected, in one sentence.
    var detail: String {
        switch self {
        case .malformedDigits(let error): "\(error)"
        case .unsupportedMediaType(let found, let supported):
            "expected a body of type \(supported.joined(separator: ", ")) or none at all, found \(found)"
        case .unknownModel(let found, let known): "expected a model named \(known.joined(separator: " or ")), found '\(found)'"
        case .unknownVersion(let model, let found, let known):
            "expected a version of \(model.rawValue), \(known.map(String.init).joined(separator: " or ")), found '\(found)'"
        case .noReport(let model): "the search that chose \(model.rawValue) left no report beside its model"
        case .notReady: "the server is about to stop"
        case .refused(let failure): failure.detail
        }
    }

    /// Header fields that the answer carries besides its type.
    var headers: HTTPHeaders {
        switch self {
        case .unsupportedMediaType(_, let supported): ["Accept": supported.joined(separator: ", ")]
        case .notReady: ["Retry-After": "1"]
        default: [:]
        }
    }
}
