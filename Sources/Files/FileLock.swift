import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An exclusive lock on a file, held until this value goes away or its process ends, however that ends: no lock is ever stale.
///
/// It is `flock`'s, which belongs to the open file and so excludes other values of this process as it excludes other processes. A child that
/// is being started has every open file of its parent between `fork` and `exec`, closed on `exec` or not, and would hold the lock with it.
/// So it is given back by `LOCK_UN`, which frees it whoever else has the file open, and not by `close`. What remains is an owner that is
/// killed while it starts a child: whoever wants the lock then waits until the child has come to `exec`.
/// POSIX's record locks, which children do not inherit, are no better: they exclude no one in the process that has them, and are lost when
/// any other descriptor of the file is closed there. Locks of open file descriptions are inherited as these are.
public final class FileLock: Sendable {
    /// The locked file, open for reading, writing and appending; closed with this value.
    public let descriptor: Int32

    /// Opens a file, which is made where it is missing, and takes its lock.
    ///
    /// - Parameter patienceSeconds: how long to try where another one has the lock: longer than a child is between `fork` and `exec`.
    /// - Throws: `FileError.locked` where another one keeps it, `.unwritable` where the file cannot be opened or locked.
    public init(path: String, patienceSeconds: Double = 1) throws(FileError) {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(
                SystemPath.path(path), .readWrite, options: [.create, .append, .closeOnExec], permissions: FilePermissions(rawValue: 0o644))
        } catch {
            throw .unwritable(file: path, reason: "\(error)")
        }
        let end = ContinuousClock.now + .seconds(patienceSeconds)
        while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
            let failure = Errno(rawValue: errno)
            if failure == .wouldBlock, ContinuousClock.now < end {
                usleep(2_000)
                continue
            }
            try? file.close()
            throw failure == .wouldBlock ? .locked(file: path) : .unwritable(file: path, failure)
        }
        descriptor = file.rawValue
    }

    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
