import Classifiers
import Digits
import HTTPServing

/// Why a request is refused.
enum ServiceError: Error {
    /// The body does not hold the digits that its form says.
    case malformedDigits(DigitsError)
    case tooManyBitmaps(DigitsError)
    case unsupportedMediaType(found: String, supported: [String])
    case unknownModel(found: String, known: [String])
    case unknownVersion(model: ClassifierName, found: String, known: [Int])
    case noReport(model: ClassifierName)
    case notReady
    /// The transport's or the router's own refusal.
    case refused(HTTPFailure)

    init(_ error: DigitsError) {
        switch error {
        case .tooManyBitmaps, .inField(_, .tooManyBitmaps): self = .tooManyBitmaps(error)
        default: self = .malformedDigits(error)
        }
    }
}

extension ServiceError {
    /// A sort of problem: the same for every request that has it.
    struct Kind {
        let status: HTTPStatus
        /// Ends the problem's `type`; clients may rely on it, so that it never changes.
        let name: String
        let title: String
    }

    /// The one place where errors become status codes.
    var kind: Kind {
        switch self {
        case .malformedDigits: Kind(status: .badRequest, name: "malformed-digits", title: "The body holds no digit")
        case .tooManyBitmaps: Kind(status: .contentTooLarge, name: "too-many-bitmaps", title: "Too many bitmaps")
        case .unsupportedMediaType:
            Kind(status: .unsupportedMediaType, name: "unsupported-media-type", title: "Unsupported content type")
        case .unknownModel: Kind(status: .notFound, name: "unknown-model", title: "Unknown model")
        case .unknownVersion: Kind(status: .notFound, name: "unknown-version", title: "Unknown version of a model")
        case .noReport: Kind(status: .notFound, name: "no-report", title: "No report")
        case .notReady: Kind(status: .serviceUnavailable, name: "not-ready", title: "Not ready")
        case .refused(let failure): Kind(refusal: failure.status)
        }
    }

    /// What was found and what was expected, in one sentence.
    var detail: String {
        switch self {
        case .malformedDigits(let error), .tooManyBitmaps(let error): "\(error)"
        case .unsupportedMediaType(let found, let supported):
            "expected a body of type \(ServiceError.choice(of: supported)), or of no type said, found '\(found)'"
        case .unknownModel(let found, let known): "expected a model named \(ServiceError.choice(of: known)), found '\(found)'"
        case .unknownVersion(let model, let found, let known):
            "expected version \(ServiceError.choice(of: known.map(String.init))) of \(model.rawValue), found '\(found)'"
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
        case .malformedDigits, .tooManyBitmaps, .unknownModel, .unknownVersion, .noReport, .refused: [:]
        }
    }

    private static func choice(of names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }
}

extension ServiceError.Kind {
    /// A refusal of transport or router, which its status says all about: `413 Content Too Large` is `content-too-large`.
    init(refusal status: HTTPStatus) {
        let title = status.reasonPhrase
        self.init(status: status, name: title.lowercased().split(separator: " ").joined(separator: "-"), title: title)
    }
}
