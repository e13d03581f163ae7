public import SystemPackage

/// Files and standard input, read whole.
public enum FileBytes {
    /// - Throws: `FileError.unreadable`.
    public static func read(_ path: String) throws(FileError) -> [UInt8] {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            return try file.closeAfter { try readToEnd(file) }
        } catch {
            throw .unreadable(file: path, reason: "\(error)")
        }
    }

    /// - Throws: as `read(_:)`, under the name "standard input".
    public static func readStandardInput() throws(FileError) -> [UInt8] {
        do {
            return try readToEnd(.standardInput)
        } catch {
            throw .unreadable(file: "standard input", reason: "\(error)")
        }
    }

    /// What is left of an open file.
    ///
    /// - Throws: `Errno`.
    public static func readToEnd(_ file: FileDescriptor) throws -> [UInt8] {
        let expectedByteCount = try Int(file.stat().size)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(expectedByteCount)
        while true {
            // One byte more than is expected, so that a file of the expected size is read at once and its end seen. Pipes have no size.
            let room = max(expectedByteCount - bytes.count + 1, 64 << 10)
            let piece = try [UInt8](unsafeUninitializedCapacity: room) { buffer, initializedCount in
                initializedCount = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            if piece.isEmpty { return bytes }
            bytes += piece
        }
    }
}
