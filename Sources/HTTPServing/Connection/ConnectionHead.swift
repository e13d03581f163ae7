internal import CMicrohttpd

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// The head of a request as libmicrohttpd holds it: nothing is copied before it is asked for.
///
/// The pointers lead into the connection's memory pool and are good from the first call of the access handler until the
/// request is completed.
struct ConnectionHead {
    let connection: OpaquePointer
    let pathBytes: UnsafeBufferPointer<UInt8>
    let queryItems: [HTTPQueryItem]

    init(connection: OpaquePointer, path: UnsafePointer<CChar>, queryItems: [HTTPQueryItem]) {
        self.connection = connection
        self.queryItems = queryItems
        let start = UnsafeRawPointer(path).assumingMemoryBound(to: UInt8.self)
        pathBytes = UnsafeBufferPointer(start: start, count: strlen(path))
    }

    var path: String { String(decoding: pathBytes, as: UTF8.self) }

    func headerBytes(_ name: StaticString) -> UnsafeBufferPointer<UInt8>? {
        bytes(of: name)?.withoutTrailingBlanks
    }

    /// The bytes of all fields of that name, with commas between them: for fields whose values are lists (RFC 9110, section 5.3). One
    /// field alone is not copied.
    func withListHeader<Result>(_ name: StaticString, _ read: (Span<UInt8>) throws -> Result) rethrows -> Result? {
        var first: UnsafeBufferPointer<UInt8>?
        var joined: [UInt8] = []
        forEachField { found, value in
            guard found.span.spells(name) else { return }
            if let known = first {
                if joined.isEmpty { joined = Array(known) }
                joined.append(UInt8(ascii: ","))
                joined.append(contentsOf: value)
            } else {
                first = value.withoutTrailingBlanks
            }
        }
        if !joined.isEmpty { return try read(joined.span) }
        return try first.map { try read($0.span) }
    }

    func header(_ name: StaticString) -> String? {
        headerBytes(name).map { String(decoding: $0, as: UTF8.self) }
    }

    private func bytes(of name: StaticString) -> UnsafeBufferPointer<UInt8>? {
        var value: UnsafePointer<CChar>?
        var count = 0
        let isThere = name.withUTF8Buffer { name in
            name.withMemoryRebound(to: CChar.self) { name in
                MHD_lookup_connection_value_n(connection, .HEADER_KIND, name.baseAddress, name.count, &value, &count)
            }
        }
        guard isThere == .YES else { return nil }
        return UnsafeBufferPointer(start: UnsafeRawPointer(value)?.assumingMemoryBound(to: UInt8.self), count: value == nil ? 0 : count)
    }

    var remoteAddress: String {
        guard let address = digitd_client_address(connection) else { return "" }
        let length = address.pointee.sa_family == sa_family_t(AF_INET6) ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { text in
            let failure = getnameinfo(
                address, socklen_t(length), text.baseAddress, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            guard failure == 0, let start = text.baseAddress else { return "" }
            return String(cString: start)
        }
    }

    /// Everything the head tells, in memory of its own.
    func copied() -> MemoryHead {
        var headers = HTTPHeaders()
        forEachField { name, value in
            headers.add(String(decoding: name, as: UTF8.self), String(decoding: value.withoutTrailingBlanks, as: UTF8.self))
        }
        return MemoryHead(pathBytes: Array(pathBytes), queryItems: queryItems, headers: headers, remoteAddress: remoteAddress)
    }

    /// Calls `visit` with the name and value of every header field, in the order they came.
    private func forEachField(_ visit: (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Void) {
        withoutActuallyEscaping(visit) { visit in
            var visit = visit
            withUnsafeMutablePointer(to: &visit) { visit in
                _ = MHD_get_connection_values_n(
                    connection, .HEADER_KIND,
                    { context, _, name, nameCount, value, valueCount in
                        typealias Visit = (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Void
                        guard let context else { return .NO }
                        func bytes(_ start: UnsafePointer<CChar>?, _ count: Int) -> UnsafeBufferPointer<UInt8> {
                            UnsafeBufferPointer(
                                start: UnsafeRawPointer(start)?.assumingMemoryBound(to: UInt8.self), count: start == nil ? 0 : count)
                        }
                        // The placeholder that keeps libmicrohttpd from reading cookies was not sent.
                        guard name != CookiePlaceholder.name else { return .YES }
                        context.assumingMemoryBound(to: Visit.self).pointee(bytes(name, nameCount), bytes(value, valueCount))
                        return .YES
                    }, visit)
            }
        }
    }
}
