/// Addresses that only this machine reaches.
enum Loopback {
    /// Whether a host is one: 127.0.0.0/8, ::1, or `localhost`. Other names are not, whatever they resolve to now.
    static func contains(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
