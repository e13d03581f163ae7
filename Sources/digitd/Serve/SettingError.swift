import ArgumentParser

/// What can be wrong with the server's settings.
enum SettingError: Error, Hashable {
    case unreadableFile(reason: String)
    case malformedFile(path: String, reason: String)
    case unknownKey(path: String, line: Int, found: String, known: [String])
    case invalid(setting: String, origin: SettingSources.Origin, found: String, expected: String)
    case notLoopback(host: String)
}

extension SettingError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unreadableFile(let reason): reason
        case .malformedFile(let path, let reason): "\(path): \(reason)"
        case .unknownKey(let path, let line, let found, let known):
            "\(path), line \(line): unknown setting '\(found)'; known are \(known.joined(separator: ", "))"
        case .invalid(let setting, let origin, let found, let expected):
            "\(setting) (from \(origin)) is '\(found)'; expected \(expected)"
        case .notLoopback(let host):
            "host is \(host), which other machines can reach, and digitd has no keys to tell who may ask; "
                + "expected a loopback address such as 127.0.0.1, or --insecure where everybody may"
        }
    }

    /// Flags are the command line's fault, all else the configuration's.
    var status: ExitCode {
        switch self {
        case .invalid(_, .flag, _, _): .usage
        case .unreadableFile: .noInput
        default: .configurationError
        }
    }
}
