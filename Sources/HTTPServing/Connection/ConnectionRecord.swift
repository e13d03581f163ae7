import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// What the server knows of one open connection, from the notification that it began to the one that it ended.
///
/// The atomics are written by the connection's own thread and read by the watchdog and by `stop`; no other memory depends on
/// them, so relaxed order is enough. The rest belongs to the connection's own thread alone, hence Sendable without being checked.
final class ConnectionRecord: @unchecked Sendable {
    let socket: Int32
    /// The tick at which the connection is closed; 0 for none.
    let deadlineTick: Atomic<UInt64>
    /// Whether a request was received and is not completed.
    let isInFlight = Atomic<Bool>(false)
    /// The id of the request whose body is being received; `noRequest` outside a body. Whoever takes it away by an exchange answers the
    /// request, so that it is answered once.
    let receivingID = Atomic<UInt64>(ConnectionRecord.noRequest)
    /// Whether the client may still be sending when the connection is closed.
    let mayStillSend = Atomic<Bool>(false)
    /// The status of an answer that did not go through libmicrohttpd; 0 for none.
    let lateStatus = Atomic<Int>(0)

    static let noRequest = UInt64.max

    /// The query of the request whose first line was read last, as it was sent, without its `?`.
    private(set) var query: [UInt8] = []
    /// Whether that request has not been handed over yet: where it ends so, libmicrohttpd has refused it, or the client is gone.
    private(set) var isHeadPending = false

    private var nextRequestSerial: UInt64
    private var serialsEnd: UInt64

    private static let requestSerialBitCount: UInt64 = 20
    private static let nextConnectionSerial = Atomic<UInt64>(0)

    init(socket: Int32, deadlineTick: UInt64) {
        self.socket = socket
        self.deadlineTick = Atomic(deadlineTick)
        nextRequestSerial = Self.takeSerials()
        serialsEnd = nextRequestSerial + 1 << Self.requestSerialBitCount
    }

    /// A block of serial numbers that no other connection of the process gets, so that a request needs no shared counter.
    private static func takeSerials() -> UInt64 {
        nextConnectionSerial.wrappingAdd(1, ordering: .relaxed).oldValue << requestSerialBitCount
    }

    /// The first line of a request was read.
    ///
    /// - Parameter target: path and query, in the connection's memory, before libmicrohttpd reads the query in its place.
    func beginHead(target: UnsafePointer<CChar>) {
        isHeadPending = true
        query.removeAll(keepingCapacity: query.capacity <= Self.keptQueryBytes)
        guard let mark = strchr(target, Int32(UInt8(ascii: "?"))) else { return }
        let start = mark + 1
        let bytes = UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self)
        query.append(contentsOf: UnsafeBufferPointer(start: bytes, count: strlen(start)))
        // libmicrohttpd would make a record of each item in the connection's memory, which 200 of them fill, and refuse that without an id.
        // It owns these bytes and writes to them itself right after this call (`parse_initial_message_line`: "log callback before we modify
        // URI").
        start.pointee = 0
    }

    /// The request is handed over, or is over.
    func endHead() { isHeadPending = false }

    private static let keptQueryBytes = 1 << 10

    func takeRequestID() -> RequestID {
        if nextRequestSerial == serialsEnd {
            nextRequestSerial = Self.takeSerials()
            serialsEnd = nextRequestSerial + 1 << Self.requestSerialBitCount
        }
        defer { nextRequestSerial += 1 }
        return RequestID(serial: nextRequestSerial)
    }
}
