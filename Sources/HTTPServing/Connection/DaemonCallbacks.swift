// What libmicrohttpd calls, on its own threads. These are functions of an ordinary file: in `main.swift` they would belong to the
// main actor and trap.

internal import CMicrohttpd

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Called at least twice for every request: with its head, with each piece of its body, and at its end.
func handleAccess(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ method: UnsafePointer<CChar>?,
    _ version: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?, _ uploadCount: UnsafeMutablePointer<Int>?,
    _ requestContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let context, let connection, let path, let uploadCount, let requestContext else { return .NO }
    guard let known = requestContext.pointee else {
        guard let method, let version, let record = digitd_socket_context(connection) else { return .NO }
        let request = RequestContext(
            core: Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue(), connection: connection,
            record: Unmanaged<ConnectionRecord>.fromOpaque(record).takeUnretainedValue(), path: path, method: method, version: version)
        requestContext.pointee = Unmanaged.passRetained(request).toOpaque()
        return request.begin(path: path)
    }
    let count = uploadCount.pointee
    uploadCount.pointee = 0
    // The reference in `con_cls` keeps the request alive during the call, without one more.
    return Unmanaged<RequestContext>.fromOpaque(known)._withUnsafeGuaranteedRef { request in
        guard count > 0, let upload else { return request.end(path: path) }
        let start = UnsafeRawPointer(upload).assumingMemoryBound(to: UInt8.self)
        return request.receive(UnsafeBufferPointer(start: start, count: count))
    }
}

func handleCompletion(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ requestContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ reason: MHD_RequestTerminationCode
) {
    guard let requestContext, let known = requestContext.pointee else { return }
    requestContext.pointee = nil
    Unmanaged<RequestContext>.fromOpaque(known).takeRetainedValue().complete()
}

func handleConnection(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ record: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ event: MHD_ConnectionNotificationCode
) {
    guard let context, let connection, let record else { return }
    let core = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
    if event == .CONNECTION_NOTIFY_STARTED {
        let started = ConnectionRecord(
            socket: digitd_connection_socket(connection), deadlineTick: core.tick(after: core.headDeadlineTicks))
        core.connections.insert(started)
        record.pointee = Unmanaged.passRetained(started).toOpaque()
    } else if let known = record.pointee {
        record.pointee = nil
        let ended = Unmanaged<ConnectionRecord>.fromOpaque(known).takeRetainedValue()
        core.connections.remove(ended)
        if ended.mayStillSend.load(ordering: .relaxed) { core.lingering.take(ended.socket) }
    }
}

/// Leaves percent escapes in the path and in query items as they are: the router decodes by segments, so that `%2F` is no slash and
/// `%00` no end.
func leaveEscaped(_ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ text: UnsafeMutablePointer<CChar>?) -> Int {
    text.map { strlen($0) } ?? 0
}

/// libmicrohttpd's own messages, most of them about what clients do.
func logMessage(_ context: UnsafeMutableRawPointer?, _ message: UnsafePointer<CChar>) {
    guard let context else { return }
    let core = Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
    core.logger.debug("libmicrohttpd: \(String(cString: message))")
}
