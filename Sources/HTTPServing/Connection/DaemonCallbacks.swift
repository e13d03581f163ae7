// What libmicrohttpd calls, on its own threads. These are functions of an ordinary file: in `main.swift` they would belong to the
// main actor and trap.

internal import CMicrohttpd

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Called with the first line of a request, before its query and its header fields are read.
func handleRequestLine(
    _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let target, let connection, let record = digitd_socket_context(connection) else { return nil }
    Unmanaged<ConnectionRecord>.fromOpaque(record)._withUnsafeGuaranteedRef { $0.beginHead(target: target) }
    MHD_set_connection_value_n(
        connection, .HEADER_KIND, CookiePlaceholder.name, CookiePlaceholder.nameCount, CookiePlaceholder.value, 0)
    return nil
}

/// An empty field `Cookie` before all others.
///
/// libmicrohttpd copies the first `Cookie` and makes a record of each cookie in the connection's memory (`parse_cookie_header`), though
/// nobody here reads cookies: those of other services on the same host would fill it. This one costs two records.
enum CookiePlaceholder {
    static let nameCount = 6
    /// A name with its end, a blank, and the empty value: laid out as a field that was sent (`HeadScreening.noteLayout`).
    ///
    /// It is known again by its address, so it is made once and stays: a literal may have several addresses in an optimised program. Safe from
    /// any thread, because nobody writes to it.
    nonisolated(unsafe) static let name: UnsafePointer<CChar> = {
        let text: StaticString = "Cookie\0 "
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.utf8CodeUnitCount + 1)
        text.withUTF8Buffer { bytes in
            for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
        }
        copy[text.utf8CodeUnitCount] = 0
        return UnsafePointer(copy)
    }()
    static var value: UnsafePointer<CChar> { name + nameCount + 2 }
}

/// Called at least twice for every request: with its head, with each piece of its body, and at its end.
func handleAccess(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ method: UnsafePointer<CChar>?,
    _ version: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?, _ uploadCount: UnsafeMutablePointer<Int>?,
    _ requestContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let context, let connection, let target = path, let uploadCount, let requestContext else { return .NO }
    let path = pathOfTarget(target)
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

/// The path of a request's target. A client that takes the server for a proxy sends an absolute one, `http://localhost/models`, which a server has
/// to accept (RFC 9112, section 3.2.2).
private func pathOfTarget(_ target: UnsafePointer<CChar>) -> UnsafePointer<CChar> {
    guard target.pointee != CChar(bitPattern: UInt8(ascii: "/")) else { return target }
    let prefixCount = strncasecmp(target, "http://", 7) == 0 ? 7 : strncasecmp(target, "https://", 8) == 0 ? 8 : 0
    guard prefixCount > 0 else { return target }
    return UnsafePointer(strchr(target + prefixCount, Int32(UInt8(ascii: "/"))))
        ?? UnsafeRawPointer(rootPath.utf8Start).assumingMemoryBound(to: CChar.self)
}

/// Where an absolute target has no path.
private let rootPath: StaticString = "/"

func handleCompletion(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ requestContext: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ reason: MHD_RequestTerminationCode
) {
    guard let requestContext, let known = requestContext.pointee else {
        if let context, let connection { noteRefusal(Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue(), connection) }
        return
    }
    requestContext.pointee = nil
    Unmanaged<RequestContext>.fromOpaque(known).takeRetainedValue().complete()
}

/// A request is over that was never handed over: libmicrohttpd has answered it, or its client has gone. It gets an id and a line in the
/// log.
private func noteRefusal(_ core: ServerCore, _ connection: OpaquePointer) {
    guard let found = digitd_socket_context(connection) else { return }
    let record = Unmanaged<ConnectionRecord>.fromOpaque(found).takeUnretainedValue()
    guard record.isHeadPending else { return }
    record.endHead()
    let status = Int(digitd_response_status(connection))
    core.configuration.observer?(
        RequestSummary(
            id: record.takeRequestID(), method: .other, route: nil, status: (100...599).contains(status) ? HTTPStatus(status) : nil,
            microseconds: 0, requestBodyBytes: 0, responseBodyBytes: 0))
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
        core.acceptor.connectionEnded()
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
    let text = String(cString: message)
    // Where the first line is no request, this is all that there is of it. The page behind the number says less.
    if let refusal = text.firstMatch(of: /^Error processing request \(HTTP response code is (\d+)/) {
        core.logger.info("libmicrohttpd refuses a request", metadata: ["status": "\(refusal.1)"])
    }
    core.logger.debug("libmicrohttpd: \(text)")
}
