#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Addresses that only this machine reaches.
enum Loopback {
    /// Whether a host is one: 127.0.0.0/8 in four decimal numbers, ::1 in any spelling, or the name `localhost`. Nothing else is,
    /// whatever a name or a shortened address resolves to now.
    static func contains(_ host: String) -> Bool {
        if host.lowercased() == "localhost" { return true }
        var version4 = in_addr()
        if inet_pton(AF_INET, host, &version4) == 1 { return UInt32(bigEndian: version4.s_addr) >> 24 == 127 }
        var version6 = in6_addr()
        guard inet_pton(AF_INET6, host, &version6) == 1 else { return false }
        return withUnsafeBytes(of: version6) { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 }
    }
}
