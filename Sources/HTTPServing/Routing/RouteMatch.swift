/// Where a request goes: what the router found for its method and path.
struct RouteMatch: Sendable {
    enum Outcome: Sendable {
        /// Index of the route that answers.
        case route(Int)
        /// OPTIONS on the path of that endpoint, or on `*` where nil.
        case options(endpoint: Int?)
        /// The path of that endpoint, with a method that it has not.
        case methodNotAllowed(endpoint: Int)
        case notFound
        /// A path whose escapes are broken or do not stand for text.
        case malformedPath
    }

    let outcome: Outcome
    let parameterNames: [String]
    /// Byte ranges of the path, one for each name.
    let segments: [Range<Int>]

    static let none = RouteMatch(outcome: .notFound, parameterNames: [], segments: [])

    func segment(of name: StaticString) -> Range<Int>? {
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        return parameterNames.firstIndex { $0.utf8.elementsEqual(wanted) }.map { segments[$0] }
    }
}
