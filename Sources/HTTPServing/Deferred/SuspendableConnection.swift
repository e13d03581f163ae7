internal import CMicrohttpd

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Linux's number; Glibc shows it to GNU programs only.
private let POLLRDHUP: Int32 = 0x2000

/// A connection that is suspended, or about to be, with its socket.
///
/// Sendable without being checked: another thread than the connection's own may do two things with it, and both only under the lock of
/// the exchange that holds it in its state "suspended". `resume` is made for other threads; and the socket stays open while the
/// connection is suspended, because libmicrohttpd closes none that it does not serve. The state is entered in the same critical section
/// that suspends, and left in the one that resumes, so a connection is resumed exactly once for each time that it was suspended:
/// libmicrohttpd 0.9.75 would lose the next suspension otherwise (`internal_suspend_connection_`, "suspending again").
struct SuspendableConnection: @unchecked Sendable {
    private let connection: OpaquePointer
    private let socket: Int32

    init(_ connection: OpaquePointer, socket: Int32) {
        self.connection = connection
        self.socket = socket
    }

    /// To be called on the connection's own thread.
    func suspend() { MHD_suspend_connection(connection) }

    func resume() { MHD_resume_connection(connection) }

    /// Whether the client has closed its side (`orHalf`), or the connection was reset.
    func isAbandoned(orHalf: Bool) -> Bool {
        var poll = pollfd(fd: socket, events: Int16(POLLRDHUP), revents: 0)
        guard Self.poll(&poll) > 0 else { return false }
        return poll.revents & Int16(POLLERR | POLLHUP | (orHalf ? POLLRDHUP : 0)) != 0
    }

    private static func poll(_ descriptor: inout pollfd) -> Int32 {
        #if canImport(Glibc)
            Glibc.poll(&descriptor, 1, 0)
        #else
            Musl.poll(&descriptor, 1, 0)
        #endif
    }
}
