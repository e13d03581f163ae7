#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Files and standard input, read whole.
public enum FileBytes {
    /// - Throws: `DigitsError.inFile` with the path, and `.unreadable` with the system's reason.
    public static func read(_ path: String) throws(DigitsError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, errno) }
        defer { close(descriptor) }
        return try readToEnd(descriptor, name: path)
    }

    /// - Throws: as `read(_:)`, under the name "standard input".
    public static func readStandardInput() throws(DigitsError) -> [UInt8] {
        try readToEnd(STDIN_FILENO, name: "standard input")
    }

    private static func readToEnd(_ descriptor: Int32, name: String) throws(DigitsError) -> [UInt8] {
        var status = stat()
        let expectedCount = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
        var bytes: [UInt8] = []
        bytes.reserveCapacity(expectedCount)
        var failure: Int32 = 0
        while true {
            // One byte more than is expected, so that a file of the expected size is read at once and its end seen.
            let room = max(expectedCount - bytes.count + 1, 64 << 10)
            let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, initializedCount in
                var count = systemRead(descriptor, buffer)
                while count < 0, errno == EINTR { count = systemRead(descriptor, buffer) }
                initializedCount = max(0, count)
                failure = count < 0 ? errno : 0
            }
            guard failure == 0 else { throw unreadable(name, failure) }
            if chunk.isEmpty { return bytes }
            bytes += chunk
        }
    }

    private static func unreadable(_ name: String, _ failure: Int32) -> DigitsError {
        .inFile(name, .unreadable(reason: String(cString: strerror(failure))))
    }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    read(descriptor, buffer.baseAddress, buffer.count)
}
