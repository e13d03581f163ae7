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
        let items = bytes[pathEnd...].dropFirst().split(separator: UInt8(ascii: "&")).map(Self.queryItem)
        self.init(pathBytes: Array(bytes[..<pathEnd]), queryItems: items, headers: headers, remoteAddress: remoteAddress)
    }

    init(pathBytes: [UInt8], queryItems: [HTTPQueryItem], headers: HTTPHeaders, remoteAddress: String) {
        self.pathBytes = pathBytes
        self.queryItems = queryItems
        self.headers = headers
        self.remoteAddress = remoteAddress
    }

    private static func queryItem(_ item: ArraySlice<UInt8>) -> HTTPQueryItem {
        let unescapedSpaces = item.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        let nameEnd = unescapedSpaces.firstIndex(of: UInt8(ascii: "=")) ?? unescapedSpaces.endIndex
        let name = percentDecoded(unescapedSpaces.span.extracting(first: nameEnd))
        let value = percentDecoded(unescapedSpaces.span.extracting(droppingFirst: min(nameEnd + 1, unescapedSpaces.count)))
        return HTTPQueryItem(name: String(decoding: name, as: UTF8.self), value: String(decoding: value, as: UTF8.self))
    }

    var path: String { String(decoding: pathBytes, as: UTF8.self) }

    func query(_ name: StaticString) -> String? {
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return queryItems.first { $0.name.utf8.elementsEqual(wanted) }?.value
    }

    private static let serial = Atomic<UInt64>(0)

    /// Serial numbers for requests in memory have the top bit, which those of connections never reach.
    static func nextSerial() -> UInt64 {
        1 << 63 | serial.wrappingAdd(1, ordering: .relaxed).newValue
    }
}
