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
            for folder in [path, path + "/versions", path + "/datasets"] { try DurableFile.requireWritableFolder(folder) }
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

    public var databasePath: String { path + "/digitd.sqlite" }

    /// Where the document of a model version belongs: `versions/svm-2.json`.
    public func modelPath(classifier: ClassifierName, version: Int) -> String {
        "\(versionsPath)/\(classifier.rawValue)-\(version).json"
    }

    /// Where the rows of an uploaded data set belong, named after their content: a new upload never changes a file that an experiment reads.
    public func datasetPath(sha256: String) -> String {
        "\(datasetsPath)/\(sha256).bin"
    }

    /// Where rows stand that are needed for a while, and that no experiment and no data set refers to.
    func passingDatasetPath(sha256: String) -> String {
        "\(datasetsPath)/passing-\(sha256).bin"
    }

    var versionsPath: String { path + "/versions" }
    var datasetsPath: String { path + "/datasets" }
    var reservePath: String { path + "/reserve" }
}
