import Classifiers
import Files

/// The folder of everything that outlives the server: the database, trained model versions, uploaded data sets.
///
/// One server uses it at a time: the others find its lock taken.
public final class StateFolder: Sendable {
    /// As it was given; relative to the working directory where it is relative.
    public let path: String
    private let lock: FileLock

    /// Makes the folder where it is missing, and takes its lock until this value goes away.
    ///
    /// - Throws: `ExperimentsError.folderInUse` where another one has the lock, `.unusableFolder` where the folder cannot be made or
    ///   written to.
    public init(path: String) throws(ExperimentsError) {
        self.path = path
        do throws(FileError) {
            // Before the lock: the folder has to be there to hold it.
            for folder in [path, "\(path)/\(StatePaths.versions)", "\(path)/\(StatePaths.datasets)"] {
                try DurableFile.requireWritableFolder(folder)
            }
        } catch .unwritable(let file, let reason) {
            throw .unusableFolder(folder: path, reason: file == path ? reason : "\(file): \(reason)")
        } catch {
            throw .unusableFolder(folder: path, reason: "\(error)")
        }
        do throws(FileError) {
            lock = try FileLock(path: path + "/lock")
        } catch {
            switch error {
            case .locked: throw .folderInUse(folder: path)
            case .unreadable(_, let reason), .unwritable(_, let reason): throw .unusableFolder(folder: path, reason: reason)
            }
        }
    }

    public var databasePath: String { StatePaths.database(in: path) }

    /// Where the document of a model version belongs: `versions/svm-2.json`.
    public func modelPath(classifier: ClassifierName, version: Int) -> String {
        "\(path)/\(StatePaths.model(classifier: classifier, version: version))"
    }

    /// Where the rows of an uploaded data set belong, named after their content: a new upload never changes a file that an experiment reads.
    public func datasetPath(sha256: String) -> String {
        "\(path)/\(StatePaths.rows(sha256: sha256))"
    }

    /// Where rows stand that are needed for a while, and that no experiment and no data set refers to.
    func passingDatasetPath(sha256: String) -> String {
        "\(datasetsPath)/passing-\(sha256).bin"
    }

    /// Where files of a part of this folder are moved that the database does not know: `strays/versions`.
    func strayPath(of part: String) -> String {
        "\(path)/strays/\(part)"
    }

    var versionsPath: String { "\(path)/\(StatePaths.versions)" }
    var datasetsPath: String { "\(path)/\(StatePaths.datasets)" }
    var reservePath: String { path + "/reserve" }
}

/// Where things stand in a state folder, or a backup of one.
enum StatePaths {
    static let versions = "versions"
    static let datasets = "datasets"

    static func database(in folder: String) -> String { folder + "/digitd.sqlite" }

    static func model(classifier: ClassifierName, version: Int) -> String { "\(versions)/\(classifier.rawValue)-\(version).json" }

    static func rows(sha256: String) -> String { "\(datasets)/\(sha256).bin" }
}
