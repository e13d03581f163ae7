import Threads

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The bytes of a streamed body on their way from the producer's task to libmicrohttpd's thread.
///
/// When there is nothing to send, the connection is suspended until the producer writes, finishes or fails; when more than
/// `bufferBytes` wait, the producer is. Every transition happens under the one lock.
final class BodyPipe: Sendable {
    enum Read {
        case bytes(Int)
        case suspended
        case end
        /// The body is torn; the connection must not end as if it were whole.
        case failure
    }

    private struct State: Sendable {
        var chunks: [[UInt8]] = []
        /// Of `chunks`, those before this were read.
        var firstChunk = 0
        var firstChunkOffset = 0
        var waitingBytes = 0
        var writtenBytes = 0
        var isFinished = false
        var isFailed = false
        /// Nobody reads any more.
        var isClosed = false
        var suspended: SuspendableConnection?
        var writers: [CheckedContinuation<Void, Never>] = []
        var producer: Task<Void, Never>?
        var hasStarted = false

        /// Resumes the connection if it is suspended.
        mutating func wakeReader() {
            suspended?.resume()
            suspended = nil
        }

        mutating func takeWriters() -> [CheckedContinuation<Void, Never>] {
            defer { writers = [] }
            return writers
        }
    }

    private let stream: HTTPBodyStream
    private let handlers: ThreadPool
    private let state = Locked(State())

    /// - Parameter handlers: the threads on which the body is produced.
    init(_ stream: HTTPBodyStream, on handlers: ThreadPool) {
        self.stream = stream
        self.handlers = handlers
    }

    // MARK: The producer's side

    /// - Throws: `HTTPStreamError.closed` where nobody reads, or the task was cancelled.
    func write(_ chunk: [UInt8]) async throws(HTTPStreamError) {
        let isOpen = state.withLock { state in
            guard !state.isClosed, !state.isFinished else { return false }
            state.writtenBytes += chunk.count
            if let contentLength = stream.contentLength, state.writtenBytes > contentLength {
                state.isFailed = true
                state.wakeReader()
                return false
            }
            if !chunk.isEmpty {
                state.chunks.append(chunk)
                state.waitingBytes += chunk.count
                state.wakeReader()
            }
            return true
        }
        guard isOpen else { throw .closed }
        try await waitForRoom()
    }

    private func waitForRoom() async throws(HTTPStreamError) {
        while true {
            if Task.isCancelled { throw .closed }
            let (isClosed, isFull) = state.withLock { ($0.isClosed, $0.waitingBytes > stream.bufferBytes) }
            if isClosed { throw .closed }
            guard isFull else { return }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    // Cancellation that came before this critical section is seen here; one that comes after finds the continuation.
                    let mustWait = state.withLock { state in
                        guard !state.isClosed, state.waitingBytes > stream.bufferBytes, !Task.isCancelled else { return false }
                        state.writers.append(continuation)
                        return true
                    }
                    if !mustWait { continuation.resume() }
                }
            } onCancel: {
                for writer in state.withLock({ $0.takeWriters() }) { writer.resume() }
            }
        }
    }

    private func finish(failed: Bool) {
        state.withLock { state in
            // One that was ended already is whole, whatever its producer makes of that.
            guard !state.isFinished else { return }
            state.isFinished = true
            if failed { state.isFailed = true }
            state.wakeReader()
        }
    }

    /// Ends a body that has no end of its own: what was written is sent, and the body is whole.
    func endWhenStopping() {
        guard stream.endsWhenStopping else { return }
        finish(failed: false)
        let (writers, producer) = state.withLock { ($0.takeWriters(), $0.producer) }
        producer?.cancel()
        for writer in writers { writer.resume() }
    }

    private func start() {
        let producer = Task(executorPreference: handlers) {
            do {
                try await self.stream.produce(HTTPBodyWriter(self))
                self.finish(failed: false)
            } catch {
                self.finish(failed: true)
            }
        }
        let isOver = state.withLock { state in
            state.producer = producer
            return state.isClosed || state.isFinished
        }
        if isOver { producer.cancel() }
    }

    // MARK: The connection's side

    /// Moves waiting bytes to `destination`, or suspends the connection until there are any.
    func read(into destination: UnsafeMutableRawBufferPointer, or connection: SuspendableConnection) -> Read {
        let (result, writers, mustStart) = state.withLock { state -> (Read, [CheckedContinuation<Void, Never>], Bool) in
            let mustStart = !state.hasStarted
            state.hasStarted = true
            if state.isClosed || state.isFailed { return (.failure, [], false) }
            if state.waitingBytes > 0 {
                let count = move(&state, to: destination)
                return (.bytes(count), state.waitingBytes <= stream.bufferBytes ? state.takeWriters() : [], false)
            }
            if state.isFinished {
                let isWhole = stream.contentLength.map { $0 == state.writtenBytes } ?? true
                return (isWhole ? .end : .failure, [], false)
            }
            connection.suspend()
            state.suspended = connection
            return (.suspended, [], mustStart)
        }
        for writer in writers { writer.resume() }
        if mustStart { start() }
        return result
    }

    private func move(_ state: inout State, to destination: UnsafeMutableRawBufferPointer) -> Int {
        var count = 0
        while count < destination.count, state.firstChunk < state.chunks.count {
            let chunk = state.chunks[state.firstChunk]
            let moved = min(destination.count - count, chunk.count - state.firstChunkOffset)
            chunk.withUnsafeBytes { source in
                UnsafeMutableRawBufferPointer(rebasing: destination[count..<count + moved])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[state.firstChunkOffset..<state.firstChunkOffset + moved]))
            }
            count += moved
            state.firstChunkOffset += moved
            if state.firstChunkOffset == chunk.count {
                state.chunks[state.firstChunk] = []
                state.firstChunk += 1
                state.firstChunkOffset = 0
            }
        }
        if state.firstChunk == state.chunks.count {
            state.chunks.removeAll(keepingCapacity: true)
            state.firstChunk = 0
        }
        state.waitingBytes -= count
        return count
    }

    /// Ends the stream where the client is gone. A client that closed its sending side reads on in theory; in practice it left, and a
    /// stream may have nothing to send for a long time that would tell.
    func closeIfAbandoned() {
        let isAbandoned = state.withLock { $0.suspended?.isAbandoned(orHalf: true) ?? false }
        if isAbandoned { close() }
    }

    /// Nobody reads any more: cancels the producer, wakes whoever waits.
    func close() {
        let (writers, producer) = state.withLock { state in
            state.isClosed = true
            state.wakeReader()
            return (state.takeWriters(), state.producer)
        }
        producer?.cancel()
        for writer in writers { writer.resume() }
    }
}
