/// An item of a query: `name=value`, both decoded.
public struct HTTPQueryItem: Hashable, Sendable {
    public let name: String
    /// "" where the item has no `=`.
    public let value: String

    /// The items of a query as it was sent, in their order; `+` is a space, and nothing between two `&` is no item.
    static func items(of query: [UInt8]) -> [HTTPQueryItem] {
        var items: [HTTPQueryItem] = []
        var start = 0
        while start < query.count {
            let end = query[start...].firstIndex(of: UInt8(ascii: "&")) ?? query.count
            if end > start {
                let nameEnd = query[start..<end].firstIndex(of: UInt8(ascii: "=")) ?? end
                items.append(HTTPQueryItem(name: text(query[start..<nameEnd]), value: text(query[nameEnd..<end].dropFirst())))
            }
            start = end + 1
        }
        return items
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        guard bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        let spaced = bytes.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: " ") : $0 }
        return String(percentDecoding: spaced.span)
    }
}

extension [HTTPQueryItem] {
    /// The value of the first item of that name; nil where there is none.
    func value(of name: StaticString) -> String? {
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return first { $0.name.utf8.elementsEqual(wanted) }?.value
    }
}
