#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A bound and listening TCP socket, opened here rather than by libmicrohttpd so that a failure has the system's reason.
struct ListeningSocket {
    let descriptor: Int32
    let port: UInt16

    /// Of this socket and of those that are accepted from it: not blocking, and no child's.
    static let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)

    /// SO_REUSEADDR is set: on Linux it lets a restarted server have its port while old connections are in TIME_WAIT, and does not let two
    /// servers share it.
    ///
    /// - Parameter port: 0 for any free one.
    /// - Throws: `HTTPServingError.unknownHost`, `HTTPServingError.cannotListen`.
    init(host: String, port: UInt16) throws(HTTPServingError) {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0, let first = list else { throw .unknownHost(host) }
        defer { freeaddrinfo(list) }
        // Of a name with addresses of both families, as `localhost` often is, the IPv4 one, which every client tries.
        let addresses = sequence(first: first) { $0.pointee.ai_next }
        let address = (addresses.first { $0.pointee.ai_family == AF_INET } ?? first).pointee

        func failure() -> HTTPServingError { .cannotListen(host: host, port: port, reason: String(cString: strerror(errno))) }
        let kind = Int32(SOCK_STREAM.rawValue) | Self.flags
        let descriptor = socket(address.ai_family, kind, 0)
        guard descriptor >= 0 else { throw failure() }
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, listen(descriptor, SOMAXCONN) == 0 else {
            let reason = failure()
            Self.close(descriptor)
            throw reason
        }
        self.descriptor = descriptor
        self.port = Self.boundPort(descriptor)
    }

    func close() { Self.close(descriptor) }

    private static func close(_ descriptor: Int32) {
        #if canImport(Glibc)
            _ = Glibc.close(descriptor)
        #else
            _ = Musl.close(descriptor)
        #endif
    }

    private static func boundPort(_ descriptor: Int32) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &storage) { bytes in
            guard let start = bytes.baseAddress else { return 0 }
            getsockname(descriptor, start.assumingMemoryBound(to: sockaddr.self), &length)
            // The port stands at the same place for both families, in network order.
            return UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        }
    }
}
