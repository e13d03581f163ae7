/// An item of a query: `name=value`, both decoded.
public struct HTTPQueryItem: Hashable, Sendable {
    public let name: String
    /// "" where the item has no `=`.
    public let value: String
}
