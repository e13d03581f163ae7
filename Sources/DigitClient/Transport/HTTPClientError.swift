/// Why a server could not be asked, or its answer not be understood.
package enum HTTPClientError: Error, Hashable, CustomStringConvertible {
    case malformedAddress(String, expected: String)
    case unknownHost(String)
    /// Nothing listens there, or nothing that can be reached; `reason` is the system's.
    case notReachable(ServerAddress, reason: String)
    /// The connection ended, or nothing came for too long, before the answer was whole.
    case connectionBroken(reason: String)
    /// What came is not HTTP/1.1 as a digitd server speaks it.
    case malformedAnswer(String)
    /// The task that asked was cancelled.
    case cancelled

    package var description: String {
        switch self {
        case .malformedAddress(let url, let expected): "the server's address '\(url)': expected \(expected)"
        case .unknownHost(let host): "there is no host '\(host)'"
        case .notReachable(let server, let reason): "no server at \(server): \(reason)"
        case .connectionBroken(let reason): "the connection broke: \(reason)"
        case .malformedAnswer(let reason): "the server's answer cannot be read: \(reason)"
        case .cancelled: "cancelled"
        }
    }
}
