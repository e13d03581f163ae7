public import SystemPackage

/// Files and standard input, read whole.
public enum FileBytes {
    /// The most bytes that are read whole: half of what this process may have of memory, the rest being for what they are read as.
    public static let standardLimitBytes = MemoryLimit.byteCount / 2

    /// - Parameter limitBytes: a file that holds more is not read.
    /// - Throws: `FileError.unreadable`, for a file whose size is known to be past the limit before it is read.
    public static func read(_ path: String, limitBytes: Int = standardLimitBytes) throws(FileError) -> [UInt8] {
        do {
            let file = try FileDescriptor.open(SystemPath.path(path), .readOnly, options: .closeOnExec)
            return try file.closeAfter { try readToEnd(file, limitBytes: limitBytes) }
        } catch {
            throw .unreadable(file: path, reason: "\(error)")
        }
    }

    /// - Throws: as `read(_:)`, under the name "standard input".
    public static func readStandardInput(limitBytes: Int = standardLimitBytes) throws(FileError) -> [UInt8] {
        do {
            return try readToEnd(.standardInput, limitBytes: limitBytes)
        } catch {
            throw .unreadable(file: "standard input", reason: "\(error)")
        }
    }

    /// What is left of an open file.
    ///
    /// - Throws: `Errno`, `FileTooLarge`.
    public static func readToEnd(_ file: FileDescriptor, limitBytes: Int = standardLimitBytes) throws -> [UInt8] {
        let expectedByteCount = try Int(file.stat().size)
        guard expectedByteCount <= limitBytes else { throw FileTooLarge(byteCount: expectedByteCount, limitBytes: limitBytes) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(expectedByteCount)
        while true {
            // One byte more than is expected, so that a file of the expected size is read at once and its end seen. Pipes have no size.
            let room = max(expectedByteCount - bytes.count + 1, 64 << 10)
            let piece = try [UInt8](unsafeUninitializedCapacity: room) { buffer, initializedCount in
                initializedCount = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
            if piece.isEmpty { return bytes }
            guard bytes.count + piece.count <= limitBytes else { throw FileTooLarge(byteCount: nil, limitBytes: limitBytes) }
            bytes += piece
        }
    }
}

/// An open file that holds more bytes than may be read whole.
public struct FileTooLarge: Error, CustomStringConvertible {
    /// Nil for a stream whose end has not come.
    let byteCount: Int?
    let limitBytes: Int

    public var description: String {
        "expected at most \(limitBytes) bytes, half of the memory that there is, found \(byteCount.map { "\($0)" } ?? "more")"
    }
}
