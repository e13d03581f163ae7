/// A request method that a route can stand for, or `other` for one that no route can.
public enum HTTPMethod: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
    /// Any token that is none of the above; such a request is answered 405 on a known path.
    case other = "OTHER"

    /// 0 to 7, in the order of the cases.
    var index: Int {
        switch self {
        case .get: 0
        case .head: 1
        case .post: 2
        case .put: 3
        case .patch: 4
        case .delete: 5
        case .options: 6
        case .other: 7
        }
    }

    /// The method spelled by `token`; methods are case-sensitive (RFC 9110, section 9.1).
    init(token: Span<UInt8>) {
        func spells(_ name: StaticString) -> Bool {
            guard token.count == name.utf8CodeUnitCount else { return false }
            for index in token.indices where token[index] != name.utf8Start[index] { return false }
            return true
        }
        if spells("POST") {
            self = .post
        } else if spells("GET") {
            self = .get
        } else if spells("HEAD") {
            self = .head
        } else if spells("PUT") {
            self = .put
        } else if spells("DELETE") {
            self = .delete
        } else if spells("OPTIONS") {
            self = .options
        } else if spells("PATCH") {
            self = .patch
        } else {
            self = .other
        }
    }
}
