import Threads

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The open connections, and the watch over their deadlines.
///
/// Why the watchdog never shuts down a socket that is not its connection's: libmicrohttpd notifies the end of a connection before it
/// closes the socket (`MHD_cleanup_connections`), on the thread that closes it, and that notification takes the record out under the
/// lock. The watchdog shuts down under the same lock, and only sockets whose record it finds there; such a socket is therefore still
/// open, and its number not yet another connection's. Shutting down is all it does: libmicrohttpd's own thread sees the end of the
/// stream, completes the request and closes. A request that is completed in the very moment of its deadline may still lose its
/// connection; to the client that is a deadline that passed.
final class ConnectionTable: Sendable {
    private let records = Locked<[ObjectIdentifier: ConnectionRecord]>([:])

    func insert(_ record: ConnectionRecord) {
        records.withLock { $0[ObjectIdentifier(record)] = record }
    }

    func remove(_ record: ConnectionRecord) {
        _ = records.withLock { $0.removeValue(forKey: ObjectIdentifier(record)) }
    }

    var count: Int { records.withLock { $0.count } }

    var inFlightCount: Int {
        records.withLock { records in records.values.count { $0.isInFlight.load(ordering: .relaxed) } }
    }

    /// Shuts down every connection whose deadline is not after `tick`. One whose body is overdue is answered first.
    ///
    /// - Parameter answer: the refusal of a request whose body is too slow.
    func shutDownOverdue(at tick: UInt64, answer: (RequestID) -> HTTPResponse) -> Int {
        records.withLock { records in
            var count = 0
            for record in records.values {
                let deadline = record.deadlineTick.load(ordering: .relaxed)
                guard deadline != 0, deadline <= tick else { continue }
                record.deadlineTick.store(0, ordering: .relaxed)
                let receiving = record.receivingID.exchange(ConnectionRecord.noRequest, ordering: .acquiringAndReleasing)
                if receiving != ConnectionRecord.noRequest {
                    let id = RequestID(rawValue: receiving)
                    let response = answer(id)
                    LateAnswer.send(response, id: id, to: record.socket)
                    record.lateStatus.store(Int(response.status.code), ordering: .relaxed)
                    record.mayStillSend.store(true, ordering: .relaxed)
                    // Reading goes on: the kernel would answer what the client still sends with a reset, which the answer may not outlive.
                    shutdown(record.socket, Int32(SHUT_WR))
                } else {
                    shutdown(record.socket, Int32(SHUT_RDWR))
                }
                count += 1
            }
            return count
        }
    }
}
