internal import CMicrohttpd
import Dispatch
import Logging
import Synchronization
import Threads

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Accepts connections, on a thread of its own, and hands them to libmicrohttpd.
///
/// libmicrohttpd 0.9.75 would do so itself. But where it is told to accept no more while it has work, it sometimes ends the process: its
/// threads and `MHD_quiesce_daemon` both take the listening socket out of the same epoll set, and whoever comes second panics ("Failed to
/// remove listen FD from epoll set"). And where descriptors run out it tries to accept without a pause. Here a connection is accepted only
/// where there is room for it; others wait in the kernel's backlog.
final class Acceptor: Sendable {
    /// Connections that were accepted and have not ended.
    private let open = Atomic<Int>(0)
    private let isStopping = Atomic<Bool>(false)
    private let waitsForRoom = Atomic<Bool>(false)
    private let wakeUp = Locked<Pipe?>(nil)
    private let hasEnded = DispatchSemaphore(value: 0)
    private let thread = ThreadPool(name: "acceptor", threadCount: 1)

    private struct Pipe: Sendable {
        var output: Int32 = -1
        var input: Int32 = -1
    }

    /// After so long what there was no descriptor for is tried again.
    private static let retryMilliseconds: Int32 = 100

    var openCount: Int { open.load(ordering: .sequentiallyConsistent) }

    /// - Parameters:
    ///   - limit: connections at once.
    ///   - add: takes over a connection; false where it was closed instead.
    /// - Returns: false where there is no descriptor for it.
    func start(
        _ socket: ListeningSocket, limit: Int, logger: Logger,
        add: @escaping @Sendable (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) -> Bool {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return false }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        let wakeUp = Pipe(output: ends[0], input: ends[1])
        self.wakeUp.withLock { $0 = wakeUp }
        Task(executorPreference: thread) {
            self.accept(from: socket.descriptor, limit: limit, wakeUp: wakeUp.output, logger, add)
            self.hasEnded.signal()
        }
        return true
    }

    /// Accepts no more; returns when the thread has ended. To be called once, after `start`.
    func stop() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        wake()
        hasEnded.wait()
        wakeUp.withLock { ends in
            guard let known = ends else { return }
            close(known.output)
            close(known.input)
            ends = nil
        }
    }

    /// A connection has ended.
    func connectionEnded() {
        open.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        if waitsForRoom.exchange(false, ordering: .sequentiallyConsistent) { wake() }
    }

    private func wake() {
        wakeUp.withLock { ends in
            guard let ends else { return }
            var byte: UInt8 = 0
            _ = write(ends.input, &byte, 1)
        }
    }

    private func accept(
        from listening: Int32, limit: Int, wakeUp: Int32, _ logger: Logger, _ add: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) {
        var hasDescriptors = true
        while !isStopping.load(ordering: .sequentiallyConsistent) {
            // Said before it is looked at, so that a connection that ends in between wakes this thread.
            waitsForRoom.store(true, ordering: .sequentiallyConsistent)
            let hasRoom = openCount < limit
            if hasRoom { waitsForRoom.store(false, ordering: .sequentiallyConsistent) }
            var requests = [
                pollfd(fd: hasRoom && hasDescriptors ? listening : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&requests, nfds_t(requests.count), hasDescriptors ? -1 : Self.retryMilliseconds)
            if requests[1].revents != 0 { Self.empty(wakeUp) }
            guard hasRoom, requests[0].revents != 0 || !hasDescriptors else { continue }
            let hadDescriptors = hasDescriptors
            hasDescriptors = acceptAll(from: listening, limit: limit, add)
            if hadDescriptors, !hasDescriptors {
                logger.warning("no descriptor for a connection, which waits", metadata: ["connections": "\(openCount)"])
            }
        }
    }

    /// Accepts what waits, as long as there is room; false where there is no descriptor, or no memory, for it.
    private func acceptAll(
        from listening: Int32, limit: Int, _ add: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) -> Bool {
        while openCount < limit {
            var address = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let descriptor = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { digitd_accept(listening, $0, &length, ListeningSocket.flags) }
            }
            guard descriptor >= 0 else {
                switch errno {
                case EMFILE, ENFILE, ENOBUFS, ENOMEM: return false
                // The client is gone already, or a signal came.
                case ECONNABORTED, EINTR, EPROTO: continue
                default: return true
                }
            }
            open.wrappingAdd(1, ordering: .sequentiallyConsistent)
            let isTaken = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { add(descriptor, $0, length) }
            }
            if !isTaken { open.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
        }
        return true
    }

    private static func empty(_ descriptor: Int32) {
        withUnsafeTemporaryAllocation(byteCount: 256, alignment: 1) { buffer in
            while read(descriptor, buffer.baseAddress, buffer.count) > 0 {}
        }
    }
}
