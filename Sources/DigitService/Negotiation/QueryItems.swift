import HTTPServing

extension HTTPRequest {
    /// Refuses what a route does not read: an item that is passed over may have been meant to change the answer.
    ///
    /// - Parameter known: the names that the route reads, each of which may be given once.
    /// - Throws: `ServiceError.unknownField`, `ServiceError.malformedField` for an item that is there twice.
    func requireQueryItems(among known: [String]) throws(ServiceError) {
        let items = queryItems
        guard !items.isEmpty else { return }
        if let stranger = items.first(where: { !known.contains($0.name) }) {
            throw .unknownField(name: stranger.name, place: .query, known: known)
        }
        for name in known where items.count(where: { $0.name == name }) > 1 {
            throw .malformedField(name: name, found: "it more than once in the query", expected: "one value")
        }
    }
}
