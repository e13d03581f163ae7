/// One request, complete with its body.
///
/// It cannot be copied, so a handler that borrows it cannot keep it: over a connection, header fields and query values
/// are looked up in libmicrohttpd's own memory when asked for, and that memory goes with the request. The request of a
/// deferred handler, and one made in memory, own everything they tell.
///
/// Sendable though it may hold pointers into the connection: whoever borrows the request keeps it alive for as long as
/// it borrows, and during that time nobody writes to what the pointers lead to: libmicrohttpd parses the next
/// request of the connection only after this one is answered.
public struct HTTPRequest: ~Copyable, @unchecked Sendable {
    public let method: HTTPMethod
    /// The body's bytes; reading them copies nothing. `body.span` gives a `Span<UInt8>`.
    public let body: [UInt8]
    /// Given by the server, never by the client.
    public let id: RequestID
    let head: Head
    var match = RouteMatch.none

    enum Head {
        case connection(ConnectionHead)
        case memory(MemoryHead)
    }

    init(method: HTTPMethod, body: [UInt8], id: RequestID, head: Head) {
        self.method = method
        self.body = body
        self.id = id
        self.head = head
    }

    /// A request in memory, for a router used in process.
    ///
    /// - Parameters:
    ///   - target: path and query, as on the request line: `/models/svm?pretty=1`.
    ///   - id: one of its own where none is given.
    public init(
        _ method: HTTPMethod, _ target: String, headers: HTTPHeaders = [:], body: [UInt8] = [], remoteAddress: String = "127.0.0.1",
        id: RequestID? = nil
    ) {
        self.init(
            method: method, body: body, id: id ?? RequestID(serial: MemoryHead.nextSerial()),
            head: .memory(MemoryHead(target: target, headers: headers, remoteAddress: remoteAddress)))
    }

    /// The path as it was sent, percent-encoding included, without the query.
    public var path: String {
        switch head {
        case .connection(let connection): connection.path
        case .memory(let memory): memory.path
        }
    }

    /// The value of the first header field `name` (without case), its bytes read as UTF-8; nil where there is none.
    public func header(_ name: StaticString) -> String? {
        switch head {
        case .connection(let connection): connection.header(name)
        case .memory(let memory): memory.headers.value(of: name)
        }
    }

    /// Calls `read` with the bytes of the value of the first header field `name`, making no `String`; nil where there is none.
    public func withHeader<Result, Failure: Error>(
        _ name: StaticString, _ read: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        switch head {
        case .connection(let connection):
            guard let value = connection.headerBytes(name) else { return nil }
            return try read(value.span)
        case .memory(let memory):
            guard let value = memory.headers.value(of: name) else { return nil }
            return try read(Array(value.utf8).span)
        }
    }

    /// Calls `read` with the values of all header fields `name`, with commas between them; nil where there is none. For fields whose values
    /// are lists, which may stand on several lines (RFC 9110, section 5.3).
    ///
    /// - Parameter name: in lower case.
    public func withListHeader<Result>(_ name: StaticString, _ read: (Span<UInt8>) throws -> Result) rethrows -> Result? {
        switch head {
        case .connection(let connection):
            return try connection.withListHeader(name, read)
        case .memory(let memory):
            let values = memory.headers.fields.filter { Array($0.name.utf8).span.spells(name) }.map(\.value)
            guard !values.isEmpty else { return nil }
            return try read(Array(values.joined(separator: ",").utf8).span)
        }
    }

    /// The percent-decoded value of the first query item whose decoded name is `name` (by case, `+` is a space); "" where the item has no `=`;
    /// nil where there is none.
    public func query(_ name: StaticString) -> String? {
        queryItems.value(of: name)
    }

    /// The items of the query, in the order they came.
    public var queryItems: [HTTPQueryItem] {
        switch head {
        case .connection(let connection): connection.queryItems
        case .memory(let memory): memory.queryItems
        }
    }

    /// The percent-decoded path segment that stood for `{name}` in the route's pattern.
    ///
    /// - Precondition: the pattern of the route has that parameter.
    public func parameter(_ name: StaticString) -> String {
        guard let segment = match.segment(of: name) else { preconditionFailure("the route has no parameter \(name)") }
        return switch head {
        case .connection(let connection): String(percentDecoding: connection.pathBytes.span.extracting(segment))
        case .memory(let memory): String(percentDecoding: memory.pathBytes.span.extracting(segment))
        }
    }

    /// The client's address without its port, such as `127.0.0.1` or `::1`.
    public var remoteAddress: String {
        switch head {
        case .connection(let connection): connection.remoteAddress
        case .memory(let memory): memory.remoteAddress
        }
    }
}
