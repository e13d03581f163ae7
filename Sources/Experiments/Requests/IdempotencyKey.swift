import Files

/// What a client sends along so that a request that is sent twice is done once.
public struct IdempotencyKey: Hashable, Sendable {
    /// Characters of a key, at most.
    public static let lengthLimit = 255

    public let key: String
    let bodySHA256: String

    /// - Parameter body: the bytes of the request, which belong to the key.
    /// - Returns: nil for a key that is empty or longer than `lengthLimit`.
    public init?(_ key: String, body: [UInt8]) {
        guard (1...IdempotencyKey.lengthLimit).contains(key.utf8.count) else { return nil }
        self.key = key
        bodySHA256 = SHA256.hexadecimal(of: body)
    }
}
