import HTTPServing

/// What a request demands of the resource that it would change: `If-Match`, `If-None-Match` (RFC 9110, section 13.1).
struct Preconditions: Sendable {
    private let match: EntityTags?
    private let noneMatch: EntityTags?

    init(_ request: borrowing HTTPRequest) {
        match = EntityTags(request, "if-match")
        noneMatch = EntityTags(request, "if-none-match")
    }

    /// Refuses a change where they do not hold.
    ///
    /// - Parameter tag: of what is there, "" where it has none; nil where nothing is there.
    /// - Throws: `ServiceError.preconditionFailed`.
    func require(tag: String?) throws(ServiceError) {
        if let match {
            guard let tag else { throw .preconditionFailed("If-Match: expected something here, found nothing") }
            guard match.containStrongly(tag) else {
                throw .preconditionFailed("If-Match: expected the tag of what is here, which is \(tag.isEmpty ? "none" : tag)")
            }
        }
        if let noneMatch, let tag, noneMatch.contain(tag) {
            throw .preconditionFailed("If-None-Match: expected something else here, found \(tag.isEmpty ? "what has no tag" : tag)")
        }
    }
}

/// Changes of resources that are looked at before: one after the other, so that what a precondition has seen is still so.
actor ChangeQueue {
    private var last: Task<Void, Never>?

    func run<Value: Sendable>(_ change: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let task = Task { [last] in
            await last?.value
            return try await change()
        }
        last = Task { _ = await task.result }
        return try await task.value
    }
}
