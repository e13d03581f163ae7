/// A body that is produced while it is sent.
///
/// The producer starts when the client is ready for the first byte (so never for HEAD), in a task of its own. `write` waits while
/// more than `bufferBytes` wait for the client. When the client goes away or the server stops, the task is
/// cancelled and `write` throws. A producer that throws, or writes other than `contentLength` bytes, ends the connection, so that
/// the client can tell a torn body from a whole one.
public struct HTTPBodyStream: Sendable {
    public let contentLength: Int?
    public let bufferBytes: Int
    /// Whether the body ends, whole, when the server begins to stop: for streams that have no end of their own.
    let endsWhenStopping: Bool
    let produce: @Sendable (HTTPBodyWriter) async throws -> Void

    /// - Parameters:
    ///   - contentLength: the number of bytes, where it is known; otherwise the body goes in chunks.
    ///   - bufferBytes: bytes that may wait for the client before `write` waits too.
    ///   - endsWhenStopping: whether the body ends, whole, when the server begins to stop; for one without a `contentLength` that has no end
    ///     of its own.
    public init(
        contentLength: Int? = nil, bufferBytes: Int = 64 * 1024, endsWhenStopping: Bool = false, produce: @escaping @Sendable (HTTPBodyWriter) async throws -> Void
    ) {
        self.contentLength = contentLength
        self.bufferBytes = bufferBytes
        self.endsWhenStopping = endsWhenStopping
        self.produce = produce
    }
}

/// Why a stream cannot be written to.
public enum HTTPStreamError: Error, Sendable, Equatable {
    /// The client went away, or the server stopped.
    case closed
}
