import HTTPServing

/// The query items of lists that come in pages.
enum PageQuery {
    static let names = ["limit", "cursor"]
    private static let limits = 1...100
    private static let defaultLimit = 20

    /// Rows of a page.
    static func limit(in request: borrowing HTTPRequest) throws(ServiceError) -> Int {
        guard let text = request.query("limit") else { return defaultLimit }
        guard let limit = Int(text), limits.contains(limit) else {
            throw .malformedField(
                name: "limit", found: "'\(text)'", expected: "a whole number from \(limits.lowerBound) to \(limits.upperBound)")
        }
        return limit
    }

    /// The cursor of a list whose rows have numbers; nil for the first page.
    static func number(in request: borrowing HTTPRequest) throws(ServiceError) -> Int? {
        guard let text = request.query("cursor") else { return nil }
        guard let number = Int(text), number > 0 else {
            throw .malformedField(name: "cursor", found: "'\(text)'", expected: "the cursor of an earlier answer")
        }
        return number
    }
}
