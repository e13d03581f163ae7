import Experiments
import Foundation
import Logging

/// The log on its way to standard error: a bounded queue of lines, written by a thread of its own.
///
/// A pipe that nobody reads holds up that thread alone, and neither a request nor a signal. What the queue has no room for is counted and
/// dropped; a line says how many it was as soon as lines are taken again.
final class LogQueue: Sendable {
    /// Linux writes so many bytes to a pipe in one piece (`PIPE_BUF`), so that no other line comes in between.
    private static let pieceBytes = 4_096
    private static let label = "digitd"

    private let lines: PendingLines

    /// - Parameters:
    ///   - format: of the line that reports what was dropped.
    ///   - capacityBytes: of the lines that wait, those being written among them.
    ///   - write: takes whole lines, and may take as long as it likes.
    init(
        format: LogLine.Format, capacityBytes: Int = 1 << 20, write: @escaping @Sendable (String) -> Void = { StandardError.write($0) }
    ) {
        let lines = PendingLines(capacityBytes: capacityBytes)
        self.lines = lines
        // The thread does not keep the queue: the queue ends it.
        let thread = Thread {
            while let taken = lines.take() {
                for piece in LogQueue.pieces(of: taken.texts) { write(piece) }
                if taken.droppedCount > 0 { write(LogQueue.report(droppedCount: taken.droppedCount, format)) }
                lines.finishWriting()
            }
        }
        thread.start()
        thread.name = "digitd.log"
    }

    deinit { lines.close() }

    /// Adds one or more whole lines. Never waits.
    func append(_ text: String) { lines.append(text) }

    /// Waits until everything is written, but no longer than so many seconds: where nobody reads the log, nothing would be written ever.
    ///
    /// - Returns: whether everything is written.
    @discardableResult
    func flush(timeoutSeconds: Double) -> Bool { lines.waitUntilWritten(timeoutSeconds: timeoutSeconds) }

    /// The texts joined to pieces that a pipe takes at once.
    private static func pieces(of texts: [String]) -> [String] {
        texts.reduce(into: []) { pieces, text in
            if let last = pieces.last, last.utf8.count + text.utf8.count <= pieceBytes {
                pieces[pieces.count - 1] = last + text
            } else {
                pieces.append(text)
            }
        }
    }

    private static func report(droppedCount: Int, _ format: LogLine.Format) -> String {
        LogLine.line(
            format, time: .now, level: .warning, label: label, message: "the log could not be written as fast as it came",
            metadata: ["droppedLines": .stringConvertible(droppedCount)])
    }
}

/// The lines that are not written.
///
/// Sendable without being checked: what it holds is reached only with the condition's lock held, by one thread at a time. A lock that can
/// also be waited for is not to be had otherwise.
private final class PendingLines: @unchecked Sendable {
    typealias Taken = (texts: [String], droppedCount: Int)

    private let condition = NSCondition()
    private let capacityBytes: Int
    private var texts: [String] = []
    private var byteCount = 0
    private var droppedCount = 0
    private var bytesBeingWritten = 0
    private var isWriting = false
    private var isClosed = false

    init(capacityBytes: Int) {
        self.capacityBytes = capacityBytes
    }

    func append(_ text: String) {
        condition.lock()
        defer { condition.unlock() }
        guard bytesBeingWritten + byteCount + text.utf8.count <= capacityBytes else {
            droppedCount += text.utf8.count { $0 == UInt8(ascii: "\n") }
            return
        }
        texts.append(text)
        byteCount += text.utf8.count
        condition.broadcast()
    }

    /// Everything that waits, when there is something; nil when there will be nothing.
    func take() -> Taken? {
        condition.lock()
        defer { condition.unlock() }
        while texts.isEmpty, droppedCount == 0, !isClosed { condition.wait() }
        if texts.isEmpty, droppedCount == 0 { return nil }
        defer {
            texts = []
            bytesBeingWritten = byteCount
            byteCount = 0
            droppedCount = 0
            isWriting = true
        }
        return (texts, droppedCount)
    }

    func finishWriting() {
        condition.lock()
        defer { condition.unlock() }
        bytesBeingWritten = 0
        isWriting = false
        condition.broadcast()
    }

    func waitUntilWritten(timeoutSeconds: Double) -> Bool {
        let end = Date(timeIntervalSinceNow: timeoutSeconds)
        condition.lock()
        defer { condition.unlock() }
        while isWriting || !texts.isEmpty || droppedCount > 0 {
            if !condition.wait(until: end) { return false }
        }
        return true
    }

    func close() {
        condition.lock()
        defer { condition.unlock() }
        isClosed = true
        condition.broadcast()
    }
}
