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

    static func write(_ text: String) {
        StandardStream.write(text, to: STDERR_FILENO)
    }
}

/// Standard output, for the answer.
enum StandardOutput {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    static func write(_ text: String) {
        StandardStream.write(text, to: STDOUT_FILENO)
    }
}

private enum StandardStream {
    /// Unbuffered, so that lines of several threads do not mix; what a closed pipe does not take is dropped.
    static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var offset = 0
            while offset < bytes.count, let base = bytes.baseAddress {
                let count = systemWrite(descriptor, base + offset, bytes.count - offset)
                if count < 0, errno != EINTR { return }
                offset += max(0, count)
            }
        }
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
