/// Keeps web pages of other origins from changing anything through a visitor's browser.
///
/// A browser sends to this server whatever a page tells it to, from wherever the page comes, and a server on localhost has no other
/// wall around it than this one. What a browser says of the page cannot be forged by the page: `Sec-Fetch-Site` (W3C Fetch Metadata) and
/// `Origin` (RFC 6454). A page can, though, make its own name resolve to this server's address (DNS rebinding), and is then of
/// the same origin as what it sends, and may read the answers; but then `Host` is its name, which is none of this server's. So the host is looked
/// at whatever the method. Other clients send neither field and are not concerned. GET and HEAD change nothing, and from pages of other origins
/// the browser keeps their answers by itself.
struct SameOriginRule {
    /// Names under which clients reach the server, in lower case, besides localhost and addresses, which nobody else can make theirs.
    let hostNames: Set<String>

    /// Why a request is refused; nil where it is not. Nil stands for a field that is not there.
    ///
    /// - Parameter mayChange: whether the method may change something.
    func refusal(host: Span<UInt8>?, origin: Span<UInt8>?, fetchSite: Span<UInt8>?, mayChange: Bool) -> String? {
        if let host, !isServed(host) {
            let name = host.withUnsafeBufferPointer { String(decoding: $0.prefix(100), as: UTF8.self) }
            return "Host '\(name)', which is neither localhost nor an address nor one of the setting 'hostNames'"
        }
        guard mayChange else { return nil }
        if let fetchSite, !fetchSite.spells("same-origin"), !fetchSite.spells("none") {
            return "a Sec-Fetch-Site other than same-origin or none: it comes from a page of another site"
        }
        if let origin {
            let foreign = "an Origin other than this server's: it comes from a page of another site"
            guard let host, SameOriginRule.isOrigin(origin, of: host) else { return foreign }
        }
        return nil
    }

    /// Whether a host is this server's, whatever the port: behind a forwarded port it is another one than the server listens on.
    private func isServed(_ host: Span<UInt8>) -> Bool {
        var name = host.extracting(SameOriginRule.nameRange(of: host))
        // The same name, as the root of the DNS has it.
        if name.count > 1, name[name.count - 1] == UInt8(ascii: ".") { name = name.extracting(0..<name.count - 1) }
        if name.isAddress || name.spells("localhost") || name.ends(with: ".localhost") { return true }
        return !hostNames.isEmpty && hostNames.contains(name.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }.lowercased())
    }

    /// Whether an origin, `http://name:port`, is the one that serves this host. A port that is left out is the scheme's own; a proxy
    /// that speaks https hands requests on by http.
    private static func isOrigin(_ origin: Span<UInt8>, of host: Span<UInt8>) -> Bool {
        let (prefixCount, standardPort): (Int, StaticString) =
            origin.begins(with: "http://") ? (7, ":80") : origin.begins(with: "https://") ? (8, ":443") : (0, "")
        guard prefixCount > 0 else { return false }
        let originHost = origin.extracting(prefixCount..<origin.count)
        let originName = originHost.extracting(nameRange(of: originHost))
        let hostName = host.extracting(nameRange(of: host))
        guard originName.equalsIgnoringCase(hostName) else { return false }
        let originPort = originHost.extracting(originName.count..<originHost.count)
        let hostPort = host.extracting(hostName.count..<host.count)
        func isStandard(_ port: Span<UInt8>) -> Bool { port.isEmpty || port.spells(standardPort) }
        return originPort.equalsIgnoringCase(hostPort) || isStandard(originPort) && isStandard(hostPort)
    }

    /// The part before the colon and the port; an IPv6 address has its colons in brackets.
    private static func nameRange(of host: Span<UInt8>) -> Range<Int> {
        var index = host.count
        while index > 0, UInt8(ascii: "0")...UInt8(ascii: "9") ~= host[index - 1] { index -= 1 }
        return 0..<(index > 0 && host[index - 1] == UInt8(ascii: ":") ? index - 1 : host.count)
    }
}

/// Bytes compared with names in lower case, without regard to their own case.
extension Span<UInt8> {
    func spells(_ lowercaseName: StaticString) -> Bool {
        count == lowercaseName.utf8CodeUnitCount && begins(with: lowercaseName)
    }

    fileprivate func begins(with lowercaseName: StaticString) -> Bool {
        guard count >= lowercaseName.utf8CodeUnitCount else { return false }
        for index in 0..<lowercaseName.utf8CodeUnitCount where lowercased(self[index]) != lowercaseName.utf8Start[index] { return false }
        return true
    }

    fileprivate func ends(with lowercaseName: StaticString) -> Bool {
        count >= lowercaseName.utf8CodeUnitCount
            && extracting((count - lowercaseName.utf8CodeUnitCount)..<count).begins(with: lowercaseName)
    }

    fileprivate func equalsIgnoringCase(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where lowercased(self[index]) != lowercased(other[index]) { return false }
        return true
    }

    /// Whether it is an IPv6 address in brackets, or four numbers with points between them.
    fileprivate var isAddress: Bool {
        guard count > 0 else { return false }
        if self[0] == UInt8(ascii: "[") { return self[count - 1] == UInt8(ascii: "]") }
        var pointCount = 0
        var digitCount = 0
        for index in indices {
            if self[index] == UInt8(ascii: ".") {
                guard digitCount > 0 else { return false }
                pointCount += 1
                digitCount = 0
            } else {
                guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= self[index], digitCount < 3 else { return false }
                digitCount += 1
            }
        }
        return pointCount == 3 && digitCount > 0
    }
}

private func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
}
