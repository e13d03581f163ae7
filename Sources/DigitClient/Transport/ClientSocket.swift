#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// A TCP connection to a server; closed with its last reference. Every wait has an end, and ends early where the task is cancelled.
package final class ClientSocket {
    private let descriptor: Int32

    /// How long a wait may last before it looks whether the task was cancelled.
    private static let pollMilliseconds: Int32 = 100

    /// Connects to the first of the host's addresses that answers.
    ///
    /// - Parameter timeoutSeconds: for each address.
    /// - Throws: `HTTPClientError.unknownHost`, `.notReachable`, `.cancelled`.
    package init(to server: ServerAddress, timeoutSeconds: Double) throws(HTTPClientError) {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(server.host, String(server.port), &hints, &list) == 0, let first = list else { throw .unknownHost(server.host) }
        defer { freeaddrinfo(list) }
        var lastError = ECONNREFUSED
        for address in sequence(first: first, next: { $0.pointee.ai_next }) {
            let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
            let descriptor = socket(address.pointee.ai_family, kind, 0)
            guard descriptor >= 0 else {
                lastError = errno
                continue
            }
            do {
                lastError = try Self.connect(descriptor, to: address.pointee, timeoutSeconds: timeoutSeconds)
            } catch {
                close(descriptor)
                throw error
            }
            if lastError == 0 {
                // A request is one small write, or several that must not wait for each other's acknowledgement.
                var on: Int32 = 1
                setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
                self.descriptor = descriptor
                return
            }
            close(descriptor)
        }
        throw .notReachable(server, reason: Self.text(of: lastError))
    }

    deinit { close(descriptor) }

    /// Sends all of `bytes`.
    ///
    /// - Throws: `HTTPClientError.connectionBroken`, `.cancelled`.
    package func send(_ bytes: [UInt8], timeoutSeconds: Double) throws(HTTPClientError) {
        var sentCount = 0
        while sentCount < bytes.count {
            // A connection that the server has closed is an error here, not a signal that ends the process.
            let count = bytes[sentCount...].withUnsafeBytes { systemSend(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count >= 0 {
                sentCount += count
            } else if errno == EAGAIN {
                try requireReady(POLLOUT, timeoutSeconds: timeoutSeconds)
            } else if errno != EINTR {
                throw .connectionBroken(reason: Self.text(of: errno))
            }
        }
    }

    /// The next bytes that come, at least one; none where the server has closed.
    ///
    /// - Throws: `HTTPClientError.connectionBroken`, `.cancelled`.
    package func receive(timeoutSeconds: Double) throws(HTTPClientError) -> [UInt8] {
        let limit = 64 * 1024
        while true {
            try requireReady(POLLIN, timeoutSeconds: timeoutSeconds)
            var error: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                let received = recv(descriptor, buffer.baseAddress, limit, 0)
                error = received < 0 ? errno : 0
                count = max(0, received)
            }
            if error == 0 { return bytes }
            guard error == EAGAIN || error == EINTR else { throw .connectionBroken(reason: Self.text(of: error)) }
        }
    }

    /// - Throws: `HTTPClientError.cancelled`.
    package static func pause(seconds: Double) throws(HTTPClientError) {
        // Nothing ever happens to no descriptor.
        _ = try isReady(-1, 0, timeoutSeconds: seconds)
    }

    private func requireReady(_ event: Int32, timeoutSeconds: Double) throws(HTTPClientError) {
        guard try Self.isReady(descriptor, event, timeoutSeconds: timeoutSeconds) else {
            throw .connectionBroken(reason: "nothing for \(Int(timeoutSeconds.rounded(.up))) s")
        }
    }

    /// Waits for `event`; false where it did not come in time.
    private static func isReady(_ descriptor: Int32, _ event: Int32, timeoutSeconds: Double) throws(HTTPClientError) -> Bool {
        let end = ContinuousClock.now + .seconds(timeoutSeconds)
        while !Task.isCancelled {
            let left = max(.zero, end - ContinuousClock.now)
            var wanted = pollfd(fd: descriptor, events: Int16(event), revents: 0)
            // An error of the socket is an event, too: the call that follows tells which.
            if poll(&wanted, 1, left < .milliseconds(pollMilliseconds) ? Int32(left / .milliseconds(1)) : pollMilliseconds) > 0 {
                return true
            }
            if left == .zero { return false }
        }
        throw .cancelled
    }

    /// 0, or why there is no connection, as `errno` says it.
    private static func connect(_ descriptor: Int32, to address: addrinfo, timeoutSeconds: Double) throws(HTTPClientError) -> Int32 {
        if systemConnect(descriptor, address.ai_addr, address.ai_addrlen) == 0 { return 0 }
        guard errno == EINPROGRESS else { return errno }
        guard try isReady(descriptor, POLLOUT, timeoutSeconds: timeoutSeconds) else { return ETIMEDOUT }
        var error: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno
    }

    private static func text(of error: Int32) -> String { String(cString: strerror(error)) }
}

private func systemSend(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ flags: Int32) -> Int {
    send(descriptor, bytes, count, flags)
}

private func systemConnect(_ descriptor: Int32, _ address: UnsafePointer<sockaddr>?, _ length: socklen_t) -> Int32 {
    connect(descriptor, address, length)
}
