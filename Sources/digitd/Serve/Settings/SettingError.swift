import ArgumentParser
import Files
import JSONText

/// What can be wrong with the server's settings.
enum SettingError: Error, Hashable {
    case unreadableFile(FileError)
    case malformedFile(path: String, line: Int?, reason: String)
    case unknownKey(path: String, line: Int, found: String, known: [String])
    /// `reason` says what was expected.
    case invalid(key: String, origin: SettingSources.Origin, found: String, reason: String)
}

extension SettingError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unreadableFile(let reason): "\(reason)"
        case .malformedFile(let path, let line, let reason): "\(path)\(line.map { ":\($0)" } ?? ""): \(reason)"
        case .unknownKey(let path, let line, let found, let known):
            "\(path):\(line): unknown setting '\(found)'; known are \(known.joined(separator: ", "))\(found.suggestion(among: known))"
        case .invalid(let key, let origin, let found, let reason): "\(key) (\(origin)): found '\(found)', \(reason)"
        }
    }

    /// Flags are the command line's fault, all else the configuration's.
    var status: ExitCode {
        switch self {
        case .unreadableFile: .noInput
        case .invalid(_, .flag, _, _): .usage
        case .malformedFile, .unknownKey, .invalid: .configurationError
        }
    }
}
