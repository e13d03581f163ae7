import Threads

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Standard error, for everything that is not the answer.
enum StandardError {
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Columns of the terminal; nil where it is none.
    static var width: Int? { StandardStream.width(of: STDERR_FILENO) }

    /// What is not taken is dropped: there is nowhere else to say so.
    static func write(_ text: String) {
        _ = StandardStream.write(Array(text.utf8), to: STDERR_FILENO)
    }
}

/// Standard output, for the answer.
enum StandardOutput {
    private static let firstFailure = Locked<Int32?>(nil)

    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Columns of the terminal; nil where it is none.
    static var width: Int? { StandardStream.width(of: STDOUT_FILENO) }

    /// Writes, and remembers a failure for `requireWritten`: work that has other results goes on to its end.
    static func write(_ text: String) {
        write(Array(text.utf8))
    }

    static func write(_ bytes: [UInt8]) {
        if let failure = StandardStream.write(bytes, to: STDOUT_FILENO) {
            firstFailure.withLock { $0 = $0 ?? failure }
        }
    }

    /// - Throws: `CommandFailure` where not everything was written, be it that the disk is full or that nobody reads.
    static func requireWritten() throws(CommandFailure) {
        guard let failure = firstFailure.withLock({ $0 }) else { return }
        throw CommandFailure("standard output: cannot be written: \(String(cString: strerror(failure)))", status: .inputOutputError)
    }
}

private enum StandardStream {
    /// The narrowest that is kept to.
    private static let leastWidth = 60

    static func width(of descriptor: Int32) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        // Some terminals, serial ones among them, do not know how wide they are.
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return max(leastWidth, Int(size.ws_col))
    }

    /// Unbuffered, so that lines of several threads do not mix. Gives the number of the error that left something unwritten.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count, let base = bytes.baseAddress {
                let count = systemWrite(descriptor, base + offset, bytes.count - offset)
                if count < 0, errno == EAGAIN {
                    // Whoever shares the descriptor has set it not to wait.
                    var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&ready, 1, -1)
                } else if count < 0, errno != EINTR {
                    return errno
                }
                offset += max(0, count)
            }
            return nil
        }
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
