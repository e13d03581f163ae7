/// Why a router cannot be built or a server cannot start.
public enum HTTPServingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A path pattern that is not `/`-separated literals and `{name}` parameters.
    case malformedPattern(String, reason: String)
    /// Two routes that would answer the same requests.
    case duplicateRoute(method: HTTPMethod, pattern: String)
    /// A host that is no IPv4 or IPv6 address and resolves to none.
    case unknownHost(String)
    /// A number in the configuration that is out of its range.
    case invalidConfiguration(name: String, found: String, expected: String)
    /// The address cannot be listened on; `reason` is the system's.
    case cannotListen(host: String, port: UInt16, reason: String)
    /// `start` on a server that was started before.
    case alreadyStarted

    public var description: String {
        switch self {
        case .malformedPattern(let pattern, let reason): "path pattern \"\(pattern)\": \(reason)"
        case .duplicateRoute(let method, let pattern): "two routes for \(method.rawValue) \(pattern)"
        case .unknownHost(let host): "\"\(host)\" is no IPv4 or IPv6 address and resolves to none"
        case .invalidConfiguration(let name, let found, let expected): "\(name): found \(found), expected \(expected)"
        case .cannotListen(let host, let port, let reason): "cannot listen on \(host) port \(port): \(reason)"
        case .alreadyStarted: "the server was started before; a server is started once"
        }
    }
}
