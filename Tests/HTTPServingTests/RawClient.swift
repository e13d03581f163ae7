import Dispatch
import Foundation
import HTTPServing
import Threads

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A TCP client that sends exactly the bytes it is given. Its blocking calls run on threads of their own, so that they never hold a
/// thread that a handler's task needs.
final class RawClient: Sendable {
    private let descriptor: Int32

    struct Response: Sendable {
        let status: Int
        let head: String
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        func header(_ name: String) -> String? {
            head.split(separator: "\r\n").dropFirst().first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
                .map { String($0.drop { $0 != ":" }.dropFirst().drop { $0 == " " }) }
        }
    }

    enum Failure: Error {
        case cannotConnect(Int32)
        /// The connection ended, or nothing came for 100 seconds, before the response was whole; what had come.
        case incomplete(String)
        case malformed(String)
    }

    init(port: UInt16, receiveBufferBytes: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var bytes = receiveBufferBytes {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
        }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        var patience = timeval(tv_sec: 100, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let descriptor = self.descriptor
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Failure.cannotConnect(errno) }
    }

    deinit { close(descriptor) }

    /// Sends all of `bytes`, `count` times on one thread, so that no other test comes in between; false where the server has closed.
    @discardableResult
    func send(_ bytes: [UInt8], count: Int = 1) async -> Bool {
        await blocking { (0..<count).allSatisfy { _ in self.sendAll(bytes) } }
    }

    /// Sends a text so short that the kernel takes it without waiting, on the caller's thread.
    func sendAtOnce(_ text: String) { _ = sendAll(Array(text.utf8)) }

    /// The whole answer, whose body is shorter than 4 KiB, to a short request, on the caller's thread; nil where the connection ends before.
    func answerAtOnce(to request: String) -> String? {
        guard sendAll(Array(request.utf8)) else { return nil }
        var bytes: [UInt8] = []
        while let more = receive(4_096) {
            bytes += more
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let length = text.firstMatch(of: /Content-Length: (\d+)\r\n/).flatMap { Int($0.1) } ?? 0
            if text[end.upperBound...].utf8.count >= length { return text }
        }
        return nil
    }

    private func sendAll(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    func send(_ text: String, count: Int = 1) async -> Bool { await send(Array(text.utf8), count: count) }

    /// Sends a head, and then a text again and again with pauses, on one thread: no other test can make a pause longer.
    func drip(_ text: String, after head: String, count: Int, pauseMilliseconds: UInt32) async {
        await blocking {
            _ = self.sendAll(Array(head.utf8))
            for _ in 0..<count {
                _ = self.sendAll(Array(text.utf8))
                usleep(pauseMilliseconds * 1_000)
            }
        }
    }

    /// Ends the connection with a reset, as the system does for a program that crashed.
    func abandon() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        // A connect to no address dissolves the connection, and with no lingering that is a reset; the descriptor stays until `deinit`.
        var unspecified = sockaddr(sa_family: sa_family_t(AF_UNSPEC), sa_data: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        connect(descriptor, &unspecified, socklen_t(MemoryLayout<sockaddr>.size))
    }

    /// Closes both directions in order.
    func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// Closes the sending direction only.
    func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    private func receive(_ count: Int) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: count)
        let received = buffer.withUnsafeMutableBytes { recv(self.descriptor, $0.baseAddress, $0.count, 0) }
        return received > 0 ? Array(buffer[..<received]) : nil
    }

    /// Reads one response and no byte more. A 1xx response has no body.
    func response(toHead isHead: Bool = false) async throws -> Response {
        try await blocking {
            var head: [UInt8] = []
            while !head.hasSuffix("\r\n\r\n") {
                guard let byte = self.receive(1) else { throw Failure.incomplete(String(decoding: head, as: UTF8.self)) }
                head += byte
            }
            let text = String(decoding: head, as: UTF8.self)
            let words = text.split(separator: " ")
            guard words.count > 1, let status = Int(words[1].prefix(3)) else { throw Failure.malformed(text) }
            let partial = Response(status: status, head: text, body: [])
            if isHead || status < 200 || status == 204 || status == 304 { return partial }
            let body: [UInt8]
            if partial.header("Transfer-Encoding") == "chunked" {
                body = try self.chunkedBody()
            } else if let length = partial.header("Content-Length").flatMap({ Int($0) }) {
                body = try self.exactly(length)
            } else {
                body = self.untilEnd()
            }
            return Response(status: status, head: text, body: body)
        }
    }

    private func exactly(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard let more = receive(count - bytes.count) else { throw Failure.incomplete(String(decoding: bytes, as: UTF8.self)) }
            bytes += more
        }
        return bytes
    }

    private func line() throws -> String {
        var bytes: [UInt8] = []
        while !bytes.hasSuffix("\r\n") { bytes += try exactly(1) }
        return String(decoding: bytes.dropLast(2), as: UTF8.self)
    }

    private func chunkedBody() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let size = try line()
            guard let count = Int(size, radix: 16) else { throw Failure.malformed(size) }
            body += try exactly(count)
            _ = try exactly(2)
            if count == 0 { return body }
        }
    }

    private func untilEnd() -> [UInt8] {
        var bytes: [UInt8] = []
        while let more = receive(4096) { bytes += more }
        return bytes
    }

    /// Everything that comes until the server closes.
    func rest() async -> String {
        await blocking { String(decoding: self.untilEnd(), as: UTF8.self) }
    }

    /// What comes until the server closes or the text ends with `ending`.
    func rest(or ending: String) async -> String {
        await blocking {
            var bytes: [UInt8] = []
            while !bytes.suffix(ending.utf8.count).elementsEqual(ending.utf8), let more = self.receive(1) { bytes += more }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// At least one byte, at most `count`; empty at the end.
    func some(_ count: Int) async -> [UInt8] {
        await blocking { self.receive(count) ?? [] }
    }
}

private func blocking<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await handedOver(work)
}

private func blocking<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await handedOver { Swift.Result { try work() } }.get()
}

/// What a thread of its own makes of `work`. It is handed over under a lock, because ThreadSanitizer does not see that a continuation is
/// resumed before it goes on.
private func handedOver<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    let result = Locked<Result?>(nil)
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
            let made = work()
            result.withLock { $0 = made }
            continuation.resume()
        }
    }
    return result.withLock { $0! }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ text: StaticString) -> Bool {
        count >= text.utf8CodeUnitCount
            && suffix(text.utf8CodeUnitCount).elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
