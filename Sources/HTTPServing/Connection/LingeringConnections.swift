import Threads

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Connections that libmicrohttpd has done with, while their clients still send (RFC 9112, section 9.6).
///
/// A request that is refused before its body is read is answered while the client still sends. Closing a socket with bytes that nobody has
/// read makes the kernel reset the connection, and a reset destroys the answer on its way: the client sees a broken pipe. So the sending
/// direction is closed first, and what comes is read and thrown away until the client has ended its side, within bounds.
///
/// libmicrohttpd closes its own descriptor and knows nothing of this: the connection lives on in a duplicate. One thread reads all of
/// them, and only while there are any.
final class LingeringConnections: Sendable {
    /// What is thrown away of one connection at most, and how long that may take.
    private static let limitBytes = 64 << 20
    private static let limitSeconds = 30.0
    /// After so long the thread looks whether there are others.
    private static let pollMilliseconds: Int32 = 20

    private struct Lingering: Sendable {
        let descriptor: Int32
        let end: ContinuousClock.Instant
        var remainingBytes = LingeringConnections.limitBytes
    }

    private struct State: Sendable {
        var connections: [Lingering] = []
        /// Connections that linger at once; what comes beyond is closed.
        var limitCount = 0
        var isReading = false
        var isClosed = false
    }

    private let state = Locked(State())
    private let thread = ThreadPool(name: "lingering", threadCount: 1)

    /// - Parameter count: connections that may linger at once.
    func allow(_ count: Int) { state.withLock { $0.limitCount = count } }

    /// Takes over a connection whose socket is about to be closed.
    func take(_ socket: Int32) {
        guard state.withLock({ $0.connections.count < $0.limitCount }) else { return }
        let descriptor = fcntl(socket, F_DUPFD_CLOEXEC, 3)
        guard descriptor >= 0 else { return }
        shutdown(descriptor, Int32(SHUT_WR))
        let connection = Lingering(descriptor: descriptor, end: .now + .seconds(Self.limitSeconds))
        let (isTaken, mustStart) = state.withLock { state in
            guard !state.isClosed, state.connections.count < state.limitCount else { return (false, false) }
            state.connections.append(connection)
            defer { state.isReading = true }
            return (true, !state.isReading)
        }
        if !isTaken { close(descriptor) }
        if mustStart { Task(executorPreference: thread) { self.read() } }
    }

    /// Closes all of them.
    func closeAll() {
        state.withLock { $0.isClosed = true }
    }

    /// Reads from all of them until there are none.
    private func read() {
        while true {
            let connections = state.withLock { state in
                if state.connections.isEmpty { state.isReading = false }
                return state.connections
            }
            guard !connections.isEmpty else { return }
            var requests = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            _ = poll(&requests, nfds_t(requests.count), Self.pollMilliseconds)
            let isClosed = state.withLock { $0.isClosed }
            var counts: [Int32: Int] = [:]
            for request in requests where request.revents != 0 { counts[request.fd] = LingeringConnections.discard(from: request.fd) }
            let now = ContinuousClock.now
            var ended: [Int32] = []
            state.withLock { state in
                for index in state.connections.indices.reversed() {
                    let descriptor = state.connections[index].descriptor
                    let count = counts[descriptor]
                    state.connections[index].remainingBytes -= count ?? 0
                    guard isClosed || count == 0 || state.connections[index].remainingBytes < 0 || state.connections[index].end < now else {
                        continue
                    }
                    state.connections.remove(at: index)
                    ended.append(descriptor)
                }
            }
            for descriptor in ended { close(descriptor) }
        }
    }

    /// Reads what is there; 0 at the end of the connection.
    private static func discard(from descriptor: Int32) -> Int {
        withUnsafeTemporaryAllocation(byteCount: 256 << 10, alignment: 1) { buffer in
            let count = recv(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT))
            // A read that was interrupted, or found nothing after all, is no end.
            return count < 0 && (errno == EAGAIN || errno == EINTR) ? 1 : max(0, count)
        }
    }
}
