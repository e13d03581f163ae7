import Foundation
import Logging

/// What worker processes write to standard error, an entry of the log a line: whatever they die of, the log stays what its readers parse.
///
/// It lasts as long as the process: workers come and go, and so the pipe is never closed.
struct WorkerErrors {
    /// Where workers write.
    let descriptor: Int32

    /// Of a line that does not end, and of one of an unlimited message.
    private static let longestLineBytes = 4_096

    /// Nil where the process has no descriptors left for a pipe.
    init?(logger: Logger) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        // Made before the first worker is started: none has inherited it.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let readEnd = ends[0]
        descriptor = ends[1]
        let thread = Thread {
            var line: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: WorkerErrors.longestLineBytes)
            while case let count = read(readEnd, &buffer, buffer.count), count > 0 || (count < 0 && errno == EINTR) {
                for byte in buffer.prefix(max(0, count)) {
                    let isEnd = byte == UInt8(ascii: "\n")
                    if !isEnd { line.append(byte) }
                    guard isEnd || line.count >= WorkerErrors.longestLineBytes else { continue }
                    if !line.isEmpty { WorkerErrors.log(line, logger) }
                    line = []
                }
            }
        }
        thread.start()
        thread.name = "digitd.workers"
    }

    private static func log(_ line: [UInt8], _ logger: Logger) {
        logger.error("a worker wrote to standard error", metadata: ["text": "\(String(decoding: line, as: UTF8.self))"])
    }
}
