import Synchronization

/// The head of a request that owns what it tells: one made in memory, or one copied from a connection for a deferred handler.
struct MemoryHead: Sendable {
    let pathBytes: [UInt8]
    let headers: HTTPHeaders
    let remoteAddress: String
    let queryItems: [HTTPQueryItem]

    init(target: String, headers: HTTPHeaders, remoteAddress: String) {
        let bytes = Array(target.utf8)
        let pathEnd = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        let items = HTTPQueryItem.items(of: Array(bytes[pathEnd...].dropFirst()))
        self.init(pathBytes: Array(bytes[..<pathEnd]), queryItems: items, headers: headers, remoteAddress: remoteAddress)
    }

    init(pathBytes: [UInt8], queryItems: [HTTPQueryItem], headers: HTTPHeaders, remoteAddress: String) {
        self.pathBytes = pathBytes
        self.queryItems = queryItems
        self.headers = headers
        self.remoteAddress = remoteAddress
    }

    var path: String { String(decoding: pathBytes, as: UTF8.self) }

    private static let serial = Atomic<UInt64>(0)

    /// Serial numbers for requests in memory have the top bit, which those of connections never reach.
    static func nextSerial() -> UInt64 {
        1 << 63 | serial.wrappingAdd(1, ordering: .relaxed).newValue
    }
}
