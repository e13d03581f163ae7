import HTTPServing

/// One request and its answer, over a connection of its own.
///
/// Written here over sockets, for plain HTTP, and not with FoundationNetworking: that would load 31 more shared libraries, libcurl and
/// its own, into every digitd for the sake of one subcommand. A program that does nothing starts 9 ms later (20.1 instead of 10.9) and
/// holds 6.8 MB more (22.2 instead of 15.4) with it than with Foundation alone, and the server is to be small and soon ready.
package final class HTTPExchange {
    /// What is asked.
    package struct Request: Sendable {
        package let method: HTTPMethod
        /// Path and query.
        package let target: String
        package var headers = HTTPHeaders()
        package var body: [UInt8] = []
    }

    package struct Timeouts: Sendable {
        /// For each address that the host's name stands for.
        package var connectSeconds = 5.0
        /// With nothing at all coming, or going.
        package var idleSeconds = 60.0
    }

    package let head: HTTPResponseParser.Head
    private let socket: ClientSocket
    private let timeouts: Timeouts
    private var parser: HTTPResponseParser
    /// The body's bytes that came with the head.
    private var early: [UInt8]

    /// Sends the request, and reads the answer as far as its body begins.
    package init(_ request: Request, to server: ServerAddress, timeouts: Timeouts = Timeouts()) throws(HTTPClientError) {
        let message = try Self.message(request, to: server)
        let socket = try ClientSocket(to: server, timeoutSeconds: timeouts.connectSeconds)
        try socket.send(message, timeoutSeconds: timeouts.idleSeconds)
        var parser = HTTPResponseParser()
        var early: [UInt8] = []
        while true {
            early += try parser.take(Self.received(from: socket, timeouts))
            if let head = parser.head {
                self.head = head
                break
            }
        }
        self.socket = socket
        self.timeouts = timeouts
        self.parser = parser
        self.early = early
    }

    /// The next bytes of the body, at least one; nil at its end.
    ///
    /// - Throws: `HTTPClientError.connectionBroken` where the connection ends before the body does, `.malformedAnswer`, `.cancelled`.
    package func nextBytes() throws(HTTPClientError) -> [UInt8]? {
        var bytes = early
        early = []
        while bytes.isEmpty, !parser.isComplete {
            bytes = try parser.take(Self.received(from: socket, timeouts))
        }
        return bytes.isEmpty ? nil : bytes
    }

    /// The whole body.
    ///
    /// - Throws: as `nextBytes`; `.malformedAnswer` for one of more than `limitBytes`.
    package func body(limitBytes: Int = 256 << 20) throws(HTTPClientError) -> [UInt8] {
        var body: [UInt8] = []
        while let bytes = try nextBytes() {
            guard body.count + bytes.count <= limitBytes else { throw .malformedAnswer("it has more than \(limitBytes) bytes") }
            body += bytes
        }
        return body
    }

    private static func received(from socket: ClientSocket, _ timeouts: Timeouts) throws(HTTPClientError) -> [UInt8] {
        let bytes = try socket.receive(timeoutSeconds: timeouts.idleSeconds)
        guard !bytes.isEmpty else { throw .connectionBroken(reason: "the server closed it before its answer was whole") }
        return bytes
    }

    /// - Throws: `HTTPClientError.malformedAnswer` for a target that is none: the server has given those that the client does not make itself.
    private static func message(_ request: Request, to server: ServerAddress) throws(HTTPClientError) -> [UInt8] {
        guard request.target.first == "/", request.target.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .malformedAnswer("'\(request.target)' is not the path of a request")
        }
        var head = "\(request.method.rawValue) \(request.target) HTTP/1.1\r\nHost: \(server.authority)\r\nConnection: close\r\n"
        for field in request.headers.fields { head += "\(field.name): \(field.value)\r\n" }
        if !request.body.isEmpty || request.method == .post { head += "Content-Length: \(request.body.count)\r\n" }
        return Array((head + "\r\n").utf8) + request.body
    }
}
