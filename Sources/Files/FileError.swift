internal import SystemPackage

/// Why a file could not be read, written or locked: its path and the system's reason.
public enum FileError: Error, Hashable, Sendable {
    case unreadable(file: String, reason: String)
    case unwritable(file: String, reason: String)
    /// Another one has its lock.
    case locked(file: String)
}

extension FileError {
    static func unwritable(file: String, _ failure: Errno) -> FileError { .unwritable(file: file, reason: "\(failure)") }
}

extension FileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)"
        case .unwritable(let file, let reason): "\(file): cannot be written: \(reason)"
        case .locked(let file): "\(file): another one has its lock"
        }
    }
}
