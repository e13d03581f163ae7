import SystemPackage

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
    /// - Throws: `FileError.unwritable`; the temporary file is gone then.
    public static func replace(_ path: String, with bytes: some Collection<UInt8>) throws(FileError) {
        // A name of its own: two threads that write the same file at once must not write into one temporary file.
        let temporary = "\(path).\(getpid())-\(UInt64.random(in: .min ... .max)).tmp"
        do {
            try write(bytes, toNewFile: temporary)
            guard rename(temporary, path) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            unlink(temporary)
            throw .unwritable(file: path, reason: "\(error)")
        }
        synchronizeFolder(of: path)
    }

    private static func write(_ bytes: some Collection<UInt8>, toNewFile path: String) throws {
        let file = try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: FilePermissions(rawValue: 0o644))
        try file.closeAfter {
            try file.writeAll(bytes)
            guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
    }

    /// Checks that a file can be written or replaced, and makes the folders above it that are missing: before hours of work, not after.
    ///
    /// - Throws: `FileError.unwritable`.
    public static func requireReplaceable(_ path: String) throws(FileError) {
        if let status = try? Stat(FilePath(path)), status.type == .directory { throw .unwritable(file: path, .isDirectory) }
        try requireWritableFolder(folder(of: path))
    }

    /// Checks that files can be written in a folder, which is made with those above it where it is missing: before hours of work, not after.
    ///
    /// - Throws: `FileError.unwritable`.
    public static func requireWritableFolder(_ folder: String) throws(FileError) {
        try makeFolder(folder)
        let probe = "\(folder)/.\(getpid()).tmp"
        do {
            let file = try FileDescriptor.open(
                FilePath(probe), .writeOnly, options: [.create, .closeOnExec], permissions: FilePermissions(rawValue: 0o644))
            try file.close()
        } catch {
            throw .unwritable(file: folder, reason: "\(error)")
        }
        unlink(probe)
    }

    private static func makeFolder(_ folder: String) throws(FileError) {
        do throws(Errno) {
            guard try Stat(FilePath(folder)).type == .directory else { throw .notDirectory }
        } catch .noSuchFileOrDirectory {
            if let slash = folder.lastIndex(of: "/"), slash != folder.startIndex { try makeFolder(String(folder[..<slash])) }
            // Somebody else may have made it meanwhile.
            if mkdir(folder, 0o755) != 0, errno != EEXIST { throw .unwritable(file: folder, Errno(rawValue: errno)) }
        } catch {
            throw .unwritable(file: folder, error)
        }
    }

    /// The rename is durable once the folder is; a file system that cannot say so loses the file at worst, never half of it.
    private static func synchronizeFolder(of path: String) {
        guard let folder = try? FileDescriptor.open(FilePath(folder(of: path)), .readOnly, options: [.directory, .closeOnExec]) else {
            return
        }
        fsync(folder.rawValue)
        try? folder.close()
    }

    /// The folder that a file stands in, `.` where its path names none.
    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { path[..<$0].isEmpty ? "/" : String(path[..<$0]) } ?? "."
    }
}
