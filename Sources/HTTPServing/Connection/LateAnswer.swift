#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// An answer in the middle of a request's body, where libmicrohttpd takes none: `MHD_queue_response` refuses in every state between the head and
/// the end of the body. Nothing of another answer can be on the connection then, and the connection is closed right after this one.
enum LateAnswer {
    /// Sends a response with its body in memory, as much as the socket takes at once, which is more than any refusal has.
    static func send(_ response: HTTPResponse, id: RequestID, to socket: Int32) {
        let body: [UInt8] = if case .bytes(let bytes) = response.body { bytes } else { [] }
        var head = "HTTP/1.1 \(response.status.code) \(response.status.reasonPhrase)\r\n"
        for field in response.headers.fields { head += "\(field.name): \(field.value)\r\n" }
        head += "X-Request-Id: \(id)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        let message = Array(head.utf8) + body
        _ = message.withUnsafeBytes {
            Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
    }
}
