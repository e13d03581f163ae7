/// An item of a query: `name=value`, both decoded.
public struct HTTPQueryItem: Hashable, Sendable {
    public let name: String
    /// "" where the item has no `=`.
    public let value: String

    /// The items of a query as it was sent, in their order; `+` is a space, and nothing between two `&` is no item.
    static func items(of query: [UInt8]) -> [HTTPQueryItem] {
        guard !query.isEmpty else { return [] }
        return query.split(separator: UInt8(ascii: "&")).map { item in
            let nameEnd = item.firstIndex(of: UInt8(ascii: "=")) ?? item.endIndex
            return HTTPQueryItem(name: text(item[..<nameEnd]), value: text(item[nameEnd...].dropFirst()))
        }
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
