import Threads

/// Where the producer of a streamed body writes.
public struct HTTPBodyWriter: Sendable {
    private enum Destination: Sendable {
        case connection(BodyPipe)
        case memory(MemorySink)
    }

    private let destination: Destination

    init(_ pipe: BodyPipe) { destination = .connection(pipe) }

    init(_ sink: MemorySink) { destination = .memory(sink) }

    /// Sends `chunk` after those before it; waits while too much waits for the client.
    ///
    /// - Throws: `HTTPStreamError.closed` where the client went away, the server stopped, or the task was cancelled.
    public func write(_ chunk: [UInt8]) async throws(HTTPStreamError) {
        switch destination {
        case .connection(let pipe): try await pipe.write(chunk)
        case .memory(let sink): sink.append(chunk)
        }
    }

    /// As `write` of the text's UTF-8.
    public func write(_ text: String) async throws(HTTPStreamError) {
        try await write(Array(text.utf8))
    }
}

/// The bytes of a streamed body that is collected in process.
final class MemorySink: Sendable {
    private let bytes = Locked<[UInt8]>([])

    func append(_ chunk: [UInt8]) { bytes.withLock { $0 += chunk } }

    var collected: [UInt8] { bytes.withLock { $0 } }
}

extension HTTPBodyStream {
    func collect() async throws -> [UInt8] {
        let sink = MemorySink()
        try await produce(HTTPBodyWriter(sink))
        return sink.collected
    }
}
