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
    /// A link stays, and the file that it leads to is replaced. The mode of a file that was there is kept, and its owner where the system
    /// allows it. What is no regular file, a device, a FIFO, is written to as it stands.
    /// - Throws: `FileError.unwritable`; the temporary file is gone then.
    public static func replace(_ path: String, with bytes: some Collection<UInt8>) throws(FileError) {
        let status = try? Stat(SystemPath.path(path))
        if let status, status.isWrittenInPlace { return try writeInPlace(path, bytes) }
        let destination = try destination(of: path)
        // A name of its own: two threads that write the same file at once must not write into one temporary file.
        let temporary = "\(destination).\(getpid())-\(UInt64.random(in: .min ... .max)).tmp"
        do {
            try write(bytes, toNewFile: temporary, inPlaceOf: status)
            guard call(temporary, { source in call(destination) { rename(source, $0) } }) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            call(temporary) { _ = unlink($0) }
            throw .unwritable(file: path, reason: "\(error)")
        }
        synchronizeFolder(of: destination)
    }

    private static func write(_ bytes: some Collection<UInt8>, toNewFile path: String, inPlaceOf status: Stat?) throws {
        let file = try FileDescriptor.open(
            SystemPath.path(path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: FilePermissions(rawValue: status == nil ? 0o644 : 0o600))
        try file.closeAfter {
            if let status {
                // Only root may give a file away; whoever may not becomes the owner.
                _ = fchown(file.rawValue, status.userID.rawValue, status.groupID.rawValue)
                guard fchmod(file.rawValue, status.permissions.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
            try file.writeAll(bytes)
            guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
        }
    }

    private static func writeInPlace(_ path: String, _ bytes: some Collection<UInt8>) throws(FileError) {
        do {
            let file = try FileDescriptor.open(SystemPath.path(path), .writeOnly, options: .closeOnExec)
            try file.closeAfter { _ = try file.writeAll(bytes) }
        } catch {
            throw .unwritable(file: path, reason: "\(error)")
        }
    }

    /// The file that a path leads to over links, whether or not that is there.
    private static func destination(of path: String) throws(FileError) -> String {
        var destination = path
        // As many links as Linux follows.
        for _ in 0..<40 {
            var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
            let count = call(destination) { path in
                target.withUnsafeMutableBytes { target in
                    target.baseAddress.map { readlink(path, $0.assumingMemoryBound(to: CChar.self), target.count) } ?? -1
                }
            }
            guard count >= 0 else { return destination }
            let text = SystemPath.text(decoding: target.prefix(count))
            destination = text.hasPrefix("/") ? text : "\(folder(of: destination))/\(text)"
        }
        throw .unwritable(file: path, .tooManySymbolicLinkLevels)
    }

    /// Calls a function of C with a path.
    private static func call<Result>(_ path: String, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        SystemPath.path(path).withPlatformString(body)
    }

    /// Gives a file another name on its file system, its bytes first brought to the disk: after a crash it stands under one of the two.
    ///
    /// - Throws: `FileError.unwritable`, naming the new path.
    public static func move(_ path: String, to destination: String) throws(FileError) {
        do {
            let file = try FileDescriptor.open(SystemPath.path(path), .readOnly, options: .closeOnExec)
            try file.closeAfter { guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) } }
            guard call(path, { source in call(destination) { rename(source, $0) } }) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            throw .unwritable(file: destination, reason: "\(error)")
        }
        synchronizeFolder(of: destination)
    }

    /// Checks that a file can be written or replaced, and makes the folders above it that are missing: before hours of work, not after.
    ///
    /// - Throws: `FileError.unwritable`.
    public static func requireReplaceable(_ path: String) throws(FileError) {
        if let status = try? Stat(SystemPath.path(path)) {
            if status.type == .directory { throw .unwritable(file: path, .isDirectory) }
            if status.isWrittenInPlace {
                guard call(path, { access($0, W_OK) == 0 }) else { throw .unwritable(file: path, Errno(rawValue: errno)) }
                return
            }
        }
        try requireWritableFolder(folder(of: destination(of: path)))
    }

    /// Removes a file, where there is one.
    public static func remove(_ path: String) {
        call(path) { _ = unlink($0) }
    }

    /// Whether a path leads to something that bytes are written to as it stands: a device, a FIFO.
    public static func isWrittenInPlace(_ path: String) -> Bool {
        (try? Stat(SystemPath.path(path)))?.isWrittenInPlace == true
    }

    /// Checks that files can be written in a folder, which is made with those above it where it is missing: before hours of work, not after.
    ///
    /// - Throws: `FileError.unwritable`.
    public static func requireWritableFolder(_ folder: String) throws(FileError) {
        try makeFolder(folder)
        let probe = "\(folder)/.\(getpid()).tmp"
        do {
            let file = try FileDescriptor.open(
                SystemPath.path(probe), .writeOnly, options: [.create, .closeOnExec], permissions: FilePermissions(rawValue: 0o644))
            try file.close()
        } catch {
            throw .unwritable(file: folder, reason: "\(error)")
        }
        call(probe) { _ = unlink($0) }
    }

    private static func makeFolder(_ folder: String) throws(FileError) {
        do throws(Errno) {
            guard try Stat(SystemPath.path(folder)).type == .directory else { throw .notDirectory }
        } catch .noSuchFileOrDirectory {
            if let slash = folder.lastIndex(of: "/"), slash != folder.startIndex { try makeFolder(String(folder[..<slash])) }
            // Somebody else may have made it meanwhile.
            if call(folder, { mkdir($0, 0o755) != 0 }), errno != EEXIST { throw .unwritable(file: folder, Errno(rawValue: errno)) }
        } catch {
            throw .unwritable(file: folder, error)
        }
    }

    /// Brings the entry of a file or folder to the disk. A rename is durable once the folder above it is; a file system that cannot say so
    /// loses the file at worst, never half of it.
    public static func synchronizeFolder(of path: String) {
        guard let folder = try? FileDescriptor.open(SystemPath.path(folder(of: path)), .readOnly, options: [.directory, .closeOnExec])
        else {
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

extension Stat {
    /// Folders are not: that they cannot be replaced is said where it is tried.
    fileprivate var isWrittenInPlace: Bool { type != .regular && type != .directory }
}
