#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Files that are whole or not there.
public enum DurableFile {
    /// Replaces a file: a temporary one beside it, fsync, rename, fsync of the folder. After a crash the old bytes or the new ones
    /// stand there, never a mixture.
    ///
    /// - Throws: `ModelFileError.unwritable` with the system's reason; the temporary file is gone then.
    public static func replace(_ path: String, with bytes: some Collection<UInt8>) throws(ModelFileError) {
        // A name of its own: two threads that write the same file at once must not write into one temporary file.
        let temporary = "\(path).\(getpid())-\(UInt64.random(in: .min ... .max)).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw unwritable(path) }
        var written = writeAll(Array(bytes), to: descriptor) && fsync(descriptor) == 0
        var reason = errno
        if close(descriptor) != 0, written {
            written = false
            reason = errno
        }
        if written, rename(temporary, path) != 0 {
            written = false
            reason = errno
        }
        guard written else {
            unlink(temporary)
            throw .unwritable(file: path, reason: String(cString: strerror(reason)))
        }
        synchronizeFolder(of: path)
    }

    /// Checks that a file can be written or replaced, and makes the folders above it that are missing: before hours of work, not after.
    ///
    /// - Throws: `ModelFileError.unwritable`.
    public static func requireReplaceable(_ path: String) throws(ModelFileError) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw .unwritable(file: path, reason: String(cString: strerror(EISDIR)))
        }
        try requireWritableFolder(folder(of: path))
    }

    /// Checks that files can be written in a folder, which is made with those above it where it is missing: before hours of work, not after.
    ///
    /// - Throws: `ModelFileError.unwritable`.
    public static func requireWritableFolder(_ folder: String) throws(ModelFileError) {
        try makeFolder(folder)
        let probe = "\(folder)/.\(getpid()).tmp"
        let descriptor = open(probe, O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw unwritable(folder) }
        close(descriptor)
        unlink(probe)
    }

    private static func makeFolder(_ folder: String) throws(ModelFileError) {
        var status = stat()
        if stat(folder, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else { throw .unwritable(file: folder, reason: "not a folder") }
            return
        }
        guard errno == ENOENT else { throw unwritable(folder) }
        if let slash = folder.lastIndex(of: "/"), slash != folder.startIndex { try makeFolder(String(folder[..<slash])) }
        // Somebody else may have made it meanwhile.
        if mkdir(folder, 0o755) != 0, errno != EEXIST { throw unwritable(folder) }
    }

    private static func unwritable(_ path: String) -> ModelFileError {
        .unwritable(file: path, reason: String(cString: strerror(errno)))
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let count = write(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
                if count < 0 {
                    if errno == EINTR { continue }
                    return false
                }
                offset += count
            }
            return true
        }
    }

    /// The rename is durable once the folder is; a file system that cannot say so loses the file at worst, never half of it.
    private static func synchronizeFolder(of path: String) {
        let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// The folder that a file stands in, `.` where its path names none.
    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { path[..<$0].isEmpty ? "/" : String(path[..<$0]) } ?? "."
    }
}
