internal import CMicrohttpd

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// One request while libmicrohttpd works on it. The reference in `con_cls` is made on the first call of the access handler and
/// released when the request is completed; in between only the connection's own thread uses it.
final class RequestContext {
    // Both outlive the request without its help: libmicrohttpd completes it before it ends the connection, whose record is released at that
    // end, and the core is released after the daemon has stopped.
    unowned(unsafe) let core: ServerCore
    unowned(unsafe) let record: ConnectionRecord
    let connection: OpaquePointer
    let id: RequestID
    private let method: HTTPMethod
    private let match: RouteMatch

    /// Why the request is refused before its body is read, if it is.
    private let refusal: (status: HTTPStatus, detail: String)?
    private let hasBody: Bool
    private let answersBeforeBody: Bool
    private let keepsBody: Bool
    private let isCompressed: Bool
    private let bodyLimitBytes: Int
    private var body: [UInt8] = []
    private var receivedBodyBytes = 0
    /// What had been received when the window of the deadline began.
    private var windowStartBytes = 0
    private var exchange: DeferredExchange?
    /// Whether libmicrohttpd closes the connection behind the answer, because it comes before the end of the request.
    private(set) var endsConnection = false

    private let startNanoseconds: UInt64
    var status: HTTPStatus?
    var responseBodyBytes = 0

    /// What is reserved on a client's word alone; a longer body grows as it comes.
    private static let reservationLimitBytes = 1 << 20

    /// Reads the head: routes the request and decides whether its body is wanted.
    init(
        core: ServerCore, connection: OpaquePointer, record: ConnectionRecord, path: UnsafePointer<CChar>, method: UnsafePointer<CChar>,
        version: UnsafePointer<CChar>
    ) {
        self.core = core
        self.connection = connection
        self.record = record
        record.endHead()
        id = record.takeRequestID()
        startNanoseconds = core.configuration.observer == nil ? 0 : monotonicNanoseconds()
        self.method = HTTPMethod(token: bytes(of: method).span)
        match = core.router.match(self.method, path: bytes(of: path).span)
        if case .route(let index) = match.outcome {
            keepsBody = true
            bodyLimitBytes = core.router.routes[index].bodyLimitBytes ?? core.configuration.bodyLimitBytes
        } else {
            keepsBody = false
            bodyLimitBytes = core.configuration.bodyLimitBytes
        }

        var screening = HeadScreening(connection, version: bytes(of: version).span)
        screening.screen(path: bytes(of: path).span, query: record.query.span, headByteCount: digitd_head_length(connection))
        if let rule = core.sameOriginRule { screening.apply(rule, mayChange: self.method != .get && self.method != .head) }
        hasBody = screening.hasBody
        isCompressed = screening.isCompressed
        if let refused = screening.refusal {
            refusal = (refused.status, "the request has \(refused.detail)")
        } else if let length = screening.contentLength, length > bodyLimitBytes {
            refusal = (.contentTooLarge, "the body has \(length) bytes, and the limit is \(bodyLimitBytes)")
        } else {
            refusal = nil
        }
        // A client that asks before it sends a body that nobody wants is answered instead of encouraged.
        answersBeforeBody = hasBody && !keepsBody && screening.expectsContinue

        record.isInFlight.store(true, ordering: .relaxed)
        record.deadlineTick.store(hasBody ? core.tick(after: core.bodyDeadlineTicks) : 0, ordering: .relaxed)
        if hasBody, refusal == nil { record.receivingID.store(id.rawValue, ordering: .releasing) }
        if keepsBody, refusal == nil, let length = screening.contentLength {
            body.reserveCapacity(min(length, Self.reservationLimitBytes))
        }
    }

    /// The first call: refuses, or lets the body come. What is answered here ends the connection.
    func begin(path: UnsafePointer<CChar>) -> MHD_Result {
        endsConnection = refusal != nil || answersBeforeBody
        if let refusal {
            if hasBody { record.mayStillSend.store(true, ordering: .relaxed) }
            var response = core.router.failure(refusal.status, refusal.detail, requestID: id)
            if refusal.status == .unsupportedMediaType { response.headers.add("Accept-Encoding", ContentCoding.names) }
            return send(response)
        }
        guard answersBeforeBody else { return .YES }
        _ = stopReceiving()
        return respond(path: path)
    }

    /// Takes a piece of the body; `.NO`, which closes the connection, where a chunked body goes past every bound and was answered.
    func receive(_ piece: UnsafeBufferPointer<UInt8>) -> MHD_Result {
        // The watchdog has answered, because the body is too slow.
        guard record.lateStatus.load(ordering: .relaxed) == 0 else { return .NO }
        receivedBodyBytes += piece.count
        if receivedBodyBytes - windowStartBytes >= core.bodyWindowBytes {
            windowStartBytes = receivedBodyBytes
            record.deadlineTick.store(core.tick(after: core.bodyDeadlineTicks), ordering: .relaxed)
        }
        if receivedBodyBytes > bodyLimitBytes {
            body = []
            guard receivedBodyBytes - bodyLimitBytes > core.configuration.discardBoundBytes else { return .YES }
            if stopReceiving() {
                let refusal = tooLongRefusal("or more")
                LateAnswer.send(refusal, id: id, to: record.socket)
                status = refusal.status
                record.mayStillSend.store(true, ordering: .relaxed)
            }
            return .NO
        }
        if keepsBody { body.append(contentsOf: piece) }
        return .YES
    }

    /// The call after the last byte of the body, and the one after a suspended connection is resumed.
    func end(path: UnsafePointer<CChar>) -> MHD_Result {
        if let exchange {
            guard let response = exchange.takeResponse() else { return .YES }
            core.waiting.remove(id)
            return send(response)
        }
        if hasBody {
            record.deadlineTick.store(0, ordering: .relaxed)
            // Where the watchdog has answered in this very moment, the connection is at its end.
            guard stopReceiving() else { return .NO }
        }
        guard receivedBodyBytes <= bodyLimitBytes else { return send(tooLongRefusal()) }
        if isCompressed, keepsBody {
            do throws(ContentCoding.Failure) {
                body = try ContentCoding.decompressed(body, limitBytes: bodyLimitBytes)
            } catch {
                return send(undecodedRefusal(error))
            }
        }
        return respond(path: path)
    }

    /// Whether it is still for this request to be answered here, which it was as long as its body was being received.
    private func stopReceiving() -> Bool {
        record.receivingID.exchange(ConnectionRecord.noRequest, ordering: .acquiringAndReleasing) != ConnectionRecord.noRequest
    }

    private func undecodedRefusal(_ failure: ContentCoding.Failure) -> HTTPResponse {
        switch failure {
        case .tooLong:
            core.router.failure(
                .contentTooLarge, "the body, unpacked, has more than \(bodyLimitBytes) bytes, which is the limit", requestID: id)
        case .malformed:
            core.router.failure(.badRequest, "the body is not what its Content-Encoding says, or is torn", requestID: id)
        }
    }

    private func tooLongRefusal(_ more: String = "") -> HTTPResponse {
        let found = "\(receivedBodyBytes) bytes" + (more.isEmpty ? "" : " \(more)")
        return core.router.failure(.contentTooLarge, "the body has \(found), and the limit is \(bodyLimitBytes)", requestID: id)
    }

    private func respond(path: UnsafePointer<CChar>) -> MHD_Result {
        let head = ConnectionHead(connection: connection, path: path, queryItems: HTTPQueryItem.items(of: record.query))
        if case .route(let index) = match.outcome, case .deferred(let handler) = core.router.routes[index].handler {
            return suspend(head, for: handler)
        }
        var request = HTTPRequest(method: method, body: takeBody(), id: id, head: .connection(head))
        request.match = match
        return switch core.router.reply(to: request) {
        case .now(let response): send(response)
        case .later(let respond): suspend(until: respond)
        }
    }

    /// Suspends the connection until the handler answers. The handler's request owns all it tells: it may outlive the connection.
    private func suspend(
        _ head: ConnectionHead, for handler: @escaping @Sendable (borrowing HTTPRequest) async -> HTTPResponse
    ) -> MHD_Result {
        var request = HTTPRequest(method: method, body: takeBody(), id: id, head: .memory(head.copied()))
        request.match = match
        let owned = OwnedRequest(request)
        return suspend(until: { await handler(owned.request) })
    }

    private func suspend(until respond: @escaping @Sendable () async -> HTTPResponse) -> MHD_Result {
        let exchange = DeferredExchange(requestID: id)
        guard core.waiting.insert(.deferred(exchange), for: id) else { return send(stoppingResponse) }
        self.exchange = exchange
        let isSuspended = exchange.begin(
            SuspendableConnection(connection, socket: record.socket), on: core.handlers, handler: respond)
        return isSuspended ? .YES : send(exchange.takeResponse() ?? stoppingResponse)
    }

    var stoppingResponse: HTTPResponse { core.stoppingResponse(to: id) }

    private func takeBody() -> [UInt8] {
        defer { body = [] }
        return body
    }

    /// The request is over, answered or not.
    func complete() {
        if let exchange {
            exchange.end()
            core.waiting.remove(id)
        }
        record.receivingID.store(ConnectionRecord.noRequest, ordering: .relaxed)
        let lateStatus = record.lateStatus.exchange(0, ordering: .relaxed)
        if lateStatus != 0 { status = HTTPStatus(lateStatus) }
        if core.isDraining.load(ordering: .relaxed) { core.noteActivity() }
        record.isInFlight.store(false, ordering: .relaxed)
        record.deadlineTick.store(core.tick(after: core.nextHeadDeadlineTicks), ordering: .relaxed)
        guard let observer = core.configuration.observer else { return }
        observer(
            RequestSummary(
                id: id, method: method, route: core.router.pattern(of: match), status: status,
                microseconds: Int((monotonicNanoseconds() - startNanoseconds) / 1000),
                requestBodyBytes: receivedBodyBytes > bodyLimitBytes ? 0 : receivedBodyBytes,
                responseBodyBytes: method == .head ? 0 : responseBodyBytes))
    }
}

/// Holds a request that cannot be copied where a task can reach it.
private final class OwnedRequest: Sendable {
    let request: HTTPRequest

    init(_ request: consuming HTTPRequest) { self.request = request }
}

private func bytes(of text: UnsafePointer<CChar>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self), count: strlen(text))
}

private func monotonicNanoseconds() -> UInt64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}
