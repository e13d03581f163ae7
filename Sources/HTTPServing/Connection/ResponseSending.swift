internal import CMicrohttpd
import Logging

extension RequestContext {
    /// Hands a response to libmicrohttpd; `.NO`, which closes the connection, where it cannot take it.
    func send(_ response: HTTPResponse) -> MHD_Result {
        guard let prepared = response.status == .notModified ? digitd_create_response_without_length() : prepare(response.body) else {
            if case .stream = response.body { return send(stoppingResponse) }
            return .NO
        }
        defer { MHD_destroy_response(prepared) }
        for field in response.headers.fields { add(field, to: prepared) }
        addRequestID(to: prepared)
        if core.isDraining.load(ordering: .relaxed) {
            MHD_add_response_header(prepared, "Connection", "close")
        } else if !endsConnection, response.status != .notModified, !record.mayStillSend.load(ordering: .relaxed) {
            core.keepAlive.withUnsafeBufferPointer { _ = MHD_add_response_header(prepared, "Keep-Alive", $0.baseAddress) }
        }
        status = response.status
        return MHD_queue_response(connection, UInt32(response.status.code), prepared)
    }

    /// `withCString` lends the bytes of a string; passing the string itself would copy them.
    private func add(_ field: HTTPHeaders.Field, to response: OpaquePointer) {
        let result = field.name.withCString { name in
            field.value.withCString { value in MHD_add_response_header(response, name, value) }
        }
        guard result != .YES else { return }
        core.logger.error(
            "a response's header field cannot be sent",
            metadata: ["name": "\(field.name)", "value": "\(field.value)", "request": "\(id)"])
    }

    private func addRequestID(to response: OpaquePointer) {
        withUnsafeTemporaryAllocation(byteCount: RequestID.characterCount + 1, alignment: 1) { text in
            id.write(to: text)
            text[RequestID.characterCount] = 0
            MHD_add_response_header(response, "X-Request-Id", text.baseAddress?.assumingMemoryBound(to: CChar.self))
        }
    }

    /// The response without its header fields; nil where there is no memory or, for a stream, where the server is stopping.
    private func prepare(_ body: HTTPResponse.Body) -> OpaquePointer? {
        switch body {
        case .empty:
            return MHD_create_response_from_buffer(0, nil, .RESPMEM_PERSISTENT)
        case .bytes(let bytes):
            responseBodyBytes = bytes.count
            // libmicrohttpd only reads what it copies.
            return bytes.withUnsafeBytes {
                MHD_create_response_from_buffer($0.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), .RESPMEM_MUST_COPY)
            }
        case .constant(let constant):
            responseBodyBytes = constant.count
            let owner = Unmanaged.passRetained(constant)
            let prepared = MHD_create_response_from_buffer_with_free_callback_cls(
                constant.count, constant.start, releaseConstantBody, owner.toOpaque())
            if prepared == nil { owner.release() }
            return prepared
        case .stream(let stream):
            let pipe = BodyPipe(stream, on: core.handlers)
            guard core.waiting.insert(.stream(pipe), for: id) else { return nil }
            // One that `stop` has not seen; it marks the server as draining before it looks.
            if core.isDraining.load(ordering: .sequentiallyConsistent) { pipe.endWhenStopping() }
            let transfer = Unmanaged.passRetained(StreamTransfer(pipe: pipe, context: self))
            let prepared = MHD_create_response_from_callback(
                stream.contentLength.map(UInt64.init) ?? UInt64.max, 32 * 1024, readStream, transfer.toOpaque(), endStream)
            if prepared == nil { endStream(transfer.toOpaque()) }
            return prepared
        }
    }
}

/// One streamed body on one connection; used on the connection's thread only.
private final class StreamTransfer {
    let pipe: BodyPipe
    let context: RequestContext

    init(pipe: BodyPipe, context: RequestContext) {
        self.pipe = pipe
        self.context = context
    }
}

private func releaseConstantBody(_ owner: UnsafeMutableRawPointer?) {
    guard let owner else { return }
    Unmanaged<ConstantBody>.fromOpaque(owner).release()
}

/// libmicrohttpd asks for the next bytes; 0 after the connection was suspended means "ask again when it is resumed".
private func readStream(
    _ context: UnsafeMutableRawPointer?, _ position: UInt64, _ buffer: UnsafeMutablePointer<CChar>?, _ count: Int
) -> Int {
    let endOfStream = -1
    let endWithError = -2
    guard let context else { return endWithError }
    let transfer = Unmanaged<StreamTransfer>.fromOpaque(context).takeUnretainedValue()
    let request = transfer.context
    let connection = SuspendableConnection(request.connection, socket: request.record.socket)
    switch transfer.pipe.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: count), or: connection) {
    case .bytes(let count):
        request.responseBodyBytes += count
        return count
    case .suspended: return 0
    case .end: return endOfStream
    case .failure: return endWithError
    }
}

/// The response is gone: sent in full, or its client is.
private func endStream(_ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    let transfer = Unmanaged<StreamTransfer>.fromOpaque(context).takeRetainedValue()
    transfer.context.core.waiting.remove(transfer.context.id)
    transfer.pipe.close()
}
