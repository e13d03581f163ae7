import Classifiers
import DigitAPI
import Digits
import Files
import ModelFiles

/// What the state of experiments can refuse, or fail at.
public enum ExperimentsError: Error, Hashable, Sendable {
    // The state folder and its database
    /// Another server uses the folder.
    case folderInUse(folder: String)
    case unusableFolder(folder: String, reason: String)
    /// The file is no database, or one whose pages contradict each other: experiments are off until it has been moved away.
    case damagedDatabase(file: String, reason: String)
    /// A later digitd has written the database.
    case newerDatabase(file: String)
    /// Another process holds a lock of the database, for longer than a transaction waits: the same may go well later.
    case databaseBusy(file: String)
    case diskFull(file: String)
    /// The disk failed otherwise: read-only, over its quota, broken.
    case diskFailed(file: String, reason: String)
    /// What SQLite says of a statement that should have worked.
    case databaseFailed(reason: String)
    case unwritableFile(FileError)
    /// A backup goes into an empty folder: no other one is mixed with it.
    case backupFolderNotEmpty(folder: String, found: String)

    // Experiments
    case queueFull(limit: Int)
    /// The key came before, with another body.
    case idempotencyKeyReused(key: String)
    case unknownExperiment(String)
    case illegalTransition(ExperimentID, from: ExperimentState, to: ExperimentState)
    case notFinished(ExperimentID, state: ExperimentState)
    /// It has succeeded, and none of its trials has failed.
    case nothingToRetry(ExperimentID)
    /// A unit came in for an experiment that does not run.
    case notRunning(ExperimentID, state: ExperimentState)
    case tooManyListeners(limit: Int)
    /// Another digitd has queued the experiment, and this one does not know all that it asks for.
    case unreadableRequest(ExperimentID, ExperimentRequestError)

    // Models
    /// The classifier is one that digitd brings along.
    case cannotWithdraw(ClassifierName)
    case notServed(ClassifierName)
    /// The document of a version cannot be read.
    case badModel(ModelFileError)

    // Data
    case unknownDataset(name: String, reason: String)
    case reservedDatasetName(DatasetName)
    case tooFewClasses(dataset: String)
    case badDataset(DigitsError)
    /// The file of rows that were kept holds others.
    case wrongRows(file: String, expectedSHA256: String)
    case feedbackFull(limit: Int)
    /// The bitmap has another digit already, which the request does not say to replace.
    case contradictoryFeedback(id: Int, bitmap: String, digit: Int, newDigit: Int)
    case unknownFeedback(String)
}

extension ExperimentsError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .folderInUse(let folder): "\(folder): another server uses this state folder"
        case .unusableFolder(let folder, let reason): "\(folder): cannot be the state folder: \(reason)"
        case .damagedDatabase(let file, let reason): "\(file): damaged: \(reason)"
        case .newerDatabase(let file): "\(file): written by a later digitd than this one"
        case .databaseBusy(let file): "\(file): another process keeps it locked"
        case .diskFull(let file): "\(file): the disk is full"
        case .diskFailed(let file, let reason): "\(file): cannot be read or written: \(reason)"
        case .databaseFailed(let reason): "the database of experiments failed: \(reason)"
        case .unwritableFile(let error): "\(error)"
        case .backupFolderNotEmpty(let folder, let found): "\(folder): expected an empty folder, or none, for a backup; found \(found)"
        case .queueFull(let limit): "\(limit) experiments are queued; expected fewer before another one"
        case .idempotencyKeyReused(let key): "the idempotency key '\(key)' came before, with another body"
        case .unknownExperiment(let id): "there is no experiment '\(id)'"
        case .illegalTransition(let id, let from, let to): "experiment \(id) is \(from.rawValue) and cannot become \(to.rawValue)"
        case .notFinished(let id, let state): "experiment \(id) is \(state.rawValue); expected one that is finished"
        case .nothingToRetry(let id): "experiment \(id) has succeeded; expected a trial that failed, found none"
        case .notRunning(let id, let state): "experiment \(id) is \(state.rawValue); expected one that runs"
        case .tooManyListeners(let limit): "\(limit) clients listen to events; expected fewer before another one"
        case .unreadableRequest(let id, let error): "the request of experiment \(id) cannot be read by this digitd: \(error)"
        case .cannotWithdraw(let classifier):
            "digitd brings \(classifier.rawValue) along; expected to activate its version \(ModelVersion.shipped) instead"
        case .notServed(let classifier): "no version of \(classifier.rawValue) is in service"
        case .badModel(let error): "\(error)"
        case .unknownDataset(let name, let reason): "there is no data set '\(name)': \(reason)"
        case .reservedDatasetName(let name): "'\(name)' is a data set that digitd brings along; expected another name"
        case .tooFewClasses(let dataset): "data set '\(dataset)' has rows of one digit only; expected two digits or more"
        case .badDataset(let error): "\(error)"
        case .wrongRows(let file, let sha256): "\(file): expected the rows of SHA-256 \(sha256), found others"
        case .feedbackFull(let limit): "\(limit) digits of feedback are kept; expected no more than that"
        case .contradictoryFeedback(let id, let bitmap, let digit, let newDigit):
            "\(bitmap) is a \(digit) by feedback \(id); expected the same digit or \"replace\": true, found \(newDigit)"
        case .unknownFeedback(let id): "there is no feedback '\(id)'"
        }
    }
}
