import ArgumentParser
import Classifiers
import DigitClient
import Digits
import Experiments
import Files
import HTTPServing
import ModelFiles
import ModelSelection

/// An end that the user sees: one message, and one exit code of `sysexits.h`.
struct CommandFailure: Error, Hashable {
    let message: String
    let status: ExitCode

    init(_ message: String, status: ExitCode) {
        self.message = message
        self.status = status
    }

    /// The one place where errors become exit codes. Nil for what is not ours: the parser reports its own.
    init?(_ error: any Error) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let error as ModelFileError: self.init("\(error)", status: CommandFailure.status(of: error))
        case let error as FileError: self.init("\(error)", status: CommandFailure.status(of: error))
        case let error as SettingError: self.init("\(error)", status: error.status)
        case let error as ExperimentsError: self.init("\(error)", status: CommandFailure.status(of: error))
        case let error as HTTPServingError: self.init("\(error)", status: .unavailable)
        case let error as DigitsError: self.init("\(error)", status: CommandFailure.status(of: error))
        case let error as SearchError: self.init("\(error)", status: CommandFailure.status(of: error))
        case let error as HTTPClientError: self.init(error)
        case let problem as ServerProblem: self.init(problem)
        case let error as TrainingError: self.init("\(error)", status: error == .cancelled ? .temporaryFailure : .dataError)
        default: return nil
        }
    }

    private init(_ error: HTTPClientError) {
        switch error {
        case .malformedAddress: self.init("\(error)", status: .usage)
        case .unknownHost: self.init("\(error)", status: .unknownHost)
        case .notReachable: self.init("\(error); 'digitd serve' starts one", status: .unavailable)
        case .malformedAnswer: self.init("\(error)", status: .protocolError)
        case .connectionBroken, .cancelled: self.init("\(error)", status: .temporaryFailure)
        }
    }

    private init(_ problem: ServerProblem) {
        let retry = problem.retryAfterSeconds.map { "; try again in \($0) s" } ?? ""
        let status: ExitCode =
            switch problem.status.code {
            case 401, 403: .noPermission
            case 404, 410: .noInput
            case 429: .temporaryFailure
            case 400..<500: .dataError
            default: .unavailable
            }
        self.init(problem.detail.printable + retry, status: status)
    }

    private static func status(of error: ExperimentsError) -> ExitCode {
        switch error {
        case .backupFolderNotEmpty, .unwritableFile: .cannotCreate
        default: .temporaryFailure
        }
    }

    private static func status(of error: FileError) -> ExitCode {
        switch error {
        case .unreadable: .noInput
        case .unwritable: .cannotCreate
        case .locked: .temporaryFailure
        }
    }

    private static func status(of error: DigitsError) -> ExitCode {
        switch error {
        case .file(let error): status(of: error)
        case .inFile(_, let reason): status(of: reason)
        default: .dataError
        }
    }

    private static func status(of error: SearchError) -> ExitCode {
        switch error {
        case .cancelled, .journalInUse: .temporaryFailure
        case .journalExists, .journalUnwritable: .cannotCreate
        default: .dataError
        }
    }

    private static func status(of error: ModelFileError) -> ExitCode {
        switch error {
        case .file(let error): status(of: error)
        case .noModels: .noInput
        case .unencodable: .cannotCreate
        case .notAModelDocument, .unsupportedVersion, .wrongChecksum, .invalidContent: .dataError
        }
    }
}

/// The codes of `sysexits.h` that are used.
extension ExitCode {
    /// What the parser itself ends with for arguments that it does not take.
    static let usage = ExitCode.validationFailure
    static let dataError = ExitCode(65)
    static let noInput = ExitCode(66)
    static let unknownHost = ExitCode(68)
    static let unavailable = ExitCode(69)
    static let cannotCreate = ExitCode(73)
    static let inputOutputError = ExitCode(74)
    static let temporaryFailure = ExitCode(75)
    static let protocolError = ExitCode(76)
    static let noPermission = ExitCode(77)
    static let configurationError = ExitCode(78)
}
