/// A setting of the server: one name, in three spellings.
///
/// `limits.bodyBytes` in the file is `DIGITD_LIMITS_BODY_BYTES` in the environment and `--limits-body-bytes` on the command line.
enum Setting: String, CaseIterable {
    case host
    case port
    case insecure
    case models
    case state
    case threads
    case connections = "limits.connections"
    case connectionsPerAddress = "limits.connectionsPerAddress"
    case bodyBytes = "limits.bodyBytes"
    case bitmaps = "limits.bitmaps"
    case inactivitySeconds = "timeouts.inactivitySeconds"
    case headSeconds = "timeouts.headSeconds"
    case bodySeconds = "timeouts.bodySeconds"
    case graceSeconds = "timeouts.graceSeconds"
    case logLevel = "log.level"
    case logFormat = "log.format"
    case logAccess = "log.access"

    /// The name in the file.
    var key: String { rawValue }

    /// The value where nobody says another, as it would be written.
    var defaultText: String {
        switch self {
        case .host: "127.0.0.1"
        case .port: "8080"
        case .insecure: "false"
        case .models: "Models"
        case .state: "state"
        case .threads: "0"
        case .connections: "1024"
        case .connectionsPerAddress: "0"
        case .bodyBytes: "1048576"
        case .bitmaps: "4096"
        case .inactivitySeconds: "30"
        case .headSeconds: "10"
        case .bodySeconds: "30"
        case .graceSeconds: "10"
        case .logLevel: "info"
        case .logFormat: "auto"
        case .logAccess: "errors"
        }
    }
}
