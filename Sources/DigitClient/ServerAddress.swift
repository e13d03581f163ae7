/// Where a digitd server listens: `http://HOST` or `http://HOST:PORT`.
package struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
    /// A name or an address, without the brackets that an IPv6 address has in a URL.
    package let host: String
    package let port: UInt16

    /// - Throws: `HTTPClientError.malformedAddress` for any other scheme, a path, a query, a user, or a port that is none.
    package init(_ url: String) throws(HTTPClientError) {
        func malformed(_ expected: String) -> HTTPClientError { .malformedAddress(url, expected: expected) }
        let scheme = "http://"
        guard url.prefix(scheme.count).lowercased() == scheme else { throw malformed("http://HOST:PORT") }
        var authority = url.dropFirst(scheme.count)
        if authority.last == "/" { authority.removeLast() }
        let host: Substring
        let port: Substring?
        if authority.first == "[" {
            guard let end = authority.firstIndex(of: "]") else { throw malformed("']' after an IPv6 address") }
            host = authority[authority.index(after: authority.startIndex)..<end]
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.first == ":" else { throw malformed("a colon and a port after an IPv6 address") }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else {
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else { throw malformed("one port, and an IPv6 address in brackets") }
            host = parts[0]
            port = parts.count == 2 ? parts[1] : nil
        }
        let isName = host.utf8.allSatisfy { byte in
            Self.hostPunctuation.contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
        guard !host.isEmpty, isName else { throw malformed("a host name or address, and no path") }
        guard let port else {
            self.init(host: String(host), port: 80)
            return
        }
        guard let number = UInt16(port), number > 0 else { throw malformed("a port from 1 to 65535") }
        self.init(host: String(host), port: number)
    }

    private init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    private static let hostPunctuation = Set("-._:%".utf8)

    /// As it stands in the field `Host` and in a URL.
    package var authority: String {
        (host.contains(":") ? "[\(host)]" : host) + (port == 80 ? "" : ":\(port)")
    }

    package var description: String { "http://\(authority)" }
}
