import ArgumentParser
import Files

/// What can be wrong with the server's settings.
enum SettingError: Error, Hashable {
    case unreadableFile(FileError)
    case malformedFile(path: String, line: Int?, reason: String)
    case unknownKey(path: String, line: Int, found: String, known: [String])
    case invalid(setting: Setting, origin: SettingSources.Origin, found: String, expected: String)
    case notLoopback(host: String, origin: SettingSources.Origin)
}

extension SettingError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unreadableFile(let reason): "\(reason)"
        case .malformedFile(let path, let line, let reason): "\(path)\(line.map { ":\($0)" } ?? ""): \(reason)"
        case .unknownKey(let path, let line, let found, let known):
            "\(path):\(line): unknown setting '\(found)'; known are \(known.joined(separator: ", "))"
        case .invalid(let setting, let origin, let found, let expected):
            "\(setting.key) (\(origin)): found '\(found)', expected \(expected)"
        case .notLoopback(let host, let origin):
            "host (\(origin)): found '\(host)', which other machines can reach, and digitd cannot tell yet who may ask; "
                + "expected a loopback address (127.0.0.0/8, ::1, localhost), or --insecure to let everybody ask"
        }
    }

    /// Flags are the command line's fault, all else the configuration's.
    var status: ExitCode {
        switch self {
        case .unreadableFile: .noInput
        case .invalid(_, .flag, _, _), .notLoopback(_, .flag): .usage
        case .malformedFile, .unknownKey, .invalid, .notLoopback: .configurationError
        }
    }
}
