/// Why workers cannot work at all.
public enum WorkerError: Error, Hashable, Sendable {
    /// The file of a search's data set holds other rows.
    case wrongDataset(path: String, found: String, expected: String)
    /// A worker process cannot be started.
    case notStarted(reason: String)
    case cancelled
}

extension WorkerError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .wrongDataset(let path, let found, let expected): "\(path) holds rows of SHA-256 \(found); expected \(expected)"
        case .notStarted(let reason): "a worker process does not start: \(reason)"
        case .cancelled: "the work was cancelled"
        }
    }
}
