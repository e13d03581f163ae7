import Classifiers
import Files

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The folder of everything that outlives the server: the database, trained model versions, uploaded data sets.
///
/// One server uses it at a time. The lock belongs to the open file and not to its name or a process number in it: the system lets go of it
/// with the process, however that ends, so that there is no stale lock to clear away.
public final class StateFolder: Sendable {
    /// As it was given; relative to the working directory where it is relative.
    public let path: String
    private let lock: Int32

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
        // Not handed down to workers, which would hold the lock past the server's end.
        let descriptor = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .unusableFolder(folder: path, reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            if reason == EWOULDBLOCK { throw .folderInUse(folder: path) }
            throw .unusableFolder(folder: path, reason: String(cString: strerror(reason)))
        }
        lock = descriptor
    }

    deinit {
        close(lock)
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

    var versionsPath: String { path + "/versions" }
    var datasetsPath: String { path + "/datasets" }
    var reservePath: String { path + "/reserve" }
}
