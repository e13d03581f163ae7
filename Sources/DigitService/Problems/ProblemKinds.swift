import Experiments
import HTTPServing

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
        case .malformedDigits(.unknownField), .unknownField: .unknownField
        case .malformedDigits: Kind(status: .badRequest, name: "malformed-digits", title: "The body holds no digit")
        case .tooManyBitmaps: Kind(status: .contentTooLarge, name: "too-many-bitmaps", title: "Too many bitmaps")
        case .unsupportedMediaType, .untypedBytes:
            Kind(status: .unsupportedMediaType, name: "unsupported-media-type", title: "Unsupported content type")
        case .noSuchModel(.unknownModel): Kind(status: .notFound, name: "unknown-model", title: "Unknown model")
        case .noSuchModel(.unknownVersion): Kind(status: .notFound, name: "unknown-version", title: "Unknown version of a model")
        case .noReport: Kind(status: .notFound, name: "no-report", title: "No report")
        case .notReady: Kind(status: .serviceUnavailable, name: "not-ready", title: "Not ready")
        case .malformedField: Kind(status: .badRequest, name: "malformed-field", title: "A field is not what it has to be")
        case .malformedExperiment(let error): Kind(error)
        case .preconditionFailed: Kind(refusal: .preconditionFailed)
        case .experiments(let error): Kind(error)
        case .experimentsOff: Kind(status: .serviceUnavailable, name: "experiments-off", title: "Experiments are off")
        case .internalFailure: Kind(status: .internalServerError, name: "internal-failure", title: "Something went wrong here")
        case .refused(let failure): Kind(refusal: failure.status)
        }
    }
}

extension ServiceError.Kind {
    init(_ error: ExperimentRequestError) {
        switch error {
        case .unknownField: self = .unknownField
        case .invalidSearch(.tooManyCandidates):
            self.init(status: .badRequest, name: "too-many-candidates", title: "Too many candidates")
        case .notJSON, .invalidValue, .fieldNotApplicable, .invalidFolds, .invalidSearch:
            self.init(status: .badRequest, name: "malformed-experiment", title: "The request describes no experiment")
        }
    }

    init(_ error: ExperimentsError) {
        switch error {
        case .unknownExperiment: self.init(status: .notFound, name: "unknown-experiment", title: "Unknown experiment")
        case .unknownDataset: self.init(status: .notFound, name: "unknown-dataset", title: "Unknown data set")
        case .queueFull: self.init(status: .tooManyRequests, name: "queue-full", title: "The queue is full")
        case .tooManyListeners: self.init(status: .serviceUnavailable, name: "too-many-listeners", title: "Too many listeners")
        case .idempotencyKeyReused:
            self.init(status: .unprocessableContent, name: "idempotency-key-reused", title: "The idempotency key came before")
        case .illegalTransition: self.init(status: .conflict, name: "illegal-transition", title: "The experiment cannot become that")
        case .cannotWithdraw: self.init(status: .conflict, name: "cannot-withdraw", title: "digitd brings this model along")
        case .notServed: self.init(status: .notFound, name: "unknown-model", title: "Unknown model")
        case .notFinished: self.init(status: .conflict, name: "not-finished", title: "The experiment is not finished")
        case .nothingToRetry: self.init(status: .conflict, name: "nothing-to-retry", title: "Nothing has failed")
        case .notRunning: self.init(status: .conflict, name: "not-running", title: "The experiment does not run")
        case .unreadableRequest:
            self.init(status: .conflict, name: "unreadable-request", title: "The experiment was queued by another digitd")
        case .reservedDatasetName: self.init(status: .conflict, name: "reserved-name", title: "The name is taken")
        case .tooFewClasses: self.init(status: .badRequest, name: "too-few-classes", title: "Rows of one digit only")
        case .badDataset(.inFile), .badDataset(.file), .wrongRows: self = .experimentsFailed
        case .badDataset: self.init(status: .badRequest, name: "malformed-dataset", title: "The body holds no data set")
        case .feedbackFull: self.init(status: .insufficientStorage, name: "feedback-full", title: "No more feedback is kept")
        case .contradictoryFeedback:
            self.init(status: .conflict, name: "contradictory-feedback", title: "The bitmap has another digit already")
        case .unknownFeedback: self.init(status: .notFound, name: "unknown-feedback", title: "Unknown feedback")
        case .databaseBusy:
            self.init(status: .serviceUnavailable, name: "experiments-busy", title: "Another process keeps the database locked")
        case .diskFull: self.init(status: .insufficientStorage, name: "disk-full", title: "The disk is full")
        case .folderInUse, .unusableFolder, .damagedDatabase, .newerDatabase, .diskFailed, .databaseFailed, .unwritableFile,
            .backupFolderNotEmpty, .badModel:
            self = .experimentsFailed
        }
    }

    fileprivate static let unknownField = ServiceError.Kind(
        status: .badRequest, name: "unknown-field", title: "A field that digitd does not know")

    /// The state folder is not as it has to be, a file of rows that were kept among it.
    private static let experimentsFailed = ServiceError.Kind(
        status: .serviceUnavailable, name: "experiments-failed", title: "Experiments do not work now")

    /// A refusal of transport or router, which its status says all about: `413 Content Too Large` is `content-too-large`.
    init(refusal status: HTTPStatus) {
        let title = status.reasonPhrase
        self.init(status: status, name: title.lowercased().split(separator: " ").joined(separator: "-"), title: title)
    }
}
