import Logging

/// A setting of the server: one name, in three spellings.
///
/// `bodyLimitBytes` in the file is `DIGITD_BODY_LIMIT_BYTES` in the environment and `--body-limit-bytes` on the command line;
/// `log.level` is `level` under `log` in the file, `DIGITD_LOG_LEVEL`, and `--log-level`.
enum Setting: String, CaseIterable {
    case host
    case port
    case insecure
    case models
    case state
    case semeion
    case hostNames
    case threads
    case connectionLimit
    case perAddressLimit
    case bodyLimitBytes
    case batchLimit
    case inactivityTimeoutSeconds
    case headDeadlineSeconds
    case bodyDeadlineSeconds
    case gracePeriodSeconds
    case workers
    case workerMemoryBytes
    case workerIdle
    case queueLimit
    case listenerLimit
    case uploadLimitBytes
    case keptExperiments
    case keptVersions
    case logLevel = "log.level"
    case logFormat = "log.format"
    case logAccess = "log.access"

    /// What a value has to be.
    enum Shape {
        case text
        /// Separated by commas; none is allowed.
        case names
        case truth
        case integer(ClosedRange<Int>)
        /// May have decimals.
        case seconds(ClosedRange<Double>)
        case choice([String])
    }

    /// The name in the file; a point stands between a group and its member.
    var key: String { rawValue }

    /// The flag, with its two dashes.
    var flag: String {
        "--" + key.map { $0 == "." ? "-" : $0.isUppercase ? "-\($0.lowercased())" : String($0) }.joined()
    }

    /// The environment's name.
    var variable: String {
        "DIGITD_" + flag.dropFirst(2).map { $0 == "-" ? "_" : $0.uppercased() }.joined()
    }

    var shape: Shape {
        switch self {
        case .host, .models, .state, .semeion: .text
        case .hostNames: .names
        case .insecure, .workerIdle: .truth
        case .port: .integer(0...65_535)
        case .threads: .integer(0...1_024)
        case .connectionLimit: .integer(1...1_000_000)
        case .perAddressLimit: .integer(0...1_000_000)
        case .bodyLimitBytes: .integer(1...1 << 30)
        case .batchLimit: .integer(1...1_000_000)
        case .inactivityTimeoutSeconds: .integer(1...86_400)
        case .headDeadlineSeconds, .bodyDeadlineSeconds: .seconds(0.01...86_400)
        case .gracePeriodSeconds: .seconds(0...86_400)
        case .workers: .integer(0...1_024)
        case .workerMemoryBytes: .integer(0...1 << 50)
        case .queueLimit: .integer(1...1_000_000)
        case .listenerLimit: .integer(0...1_000_000)
        case .uploadLimitBytes: .integer(1...1 << 36)
        case .keptExperiments, .keptVersions: .integer(1...1_000_000)
        case .logLevel: .choice(Logger.Level.allCases.map(\.rawValue))
        case .logFormat: .choice(ServeConfiguration.LogFormat.allCases.map(\.rawValue))
        case .logAccess: .choice(ServeConfiguration.LogAccess.allCases.map(\.rawValue))
        }
    }

    /// `a whole number from 0 to 65535`.
    var expectation: String {
        switch shape {
        case .text: "a text that is not empty"
        case .names: "names separated by commas"
        case .truth: "true or false"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .seconds(let range): "a number from \(range.lowerBound.shortText) to \(range.upperBound.shortText)"
        case .choice(let names): "one of \(names.joined(separator: ", "))"
        }
    }

    /// The value where nobody says another, as it would be written.
    var defaultText: String {
        switch self {
        case .host: "127.0.0.1"
        case .port: "8080"
        case .insecure: "false"
        case .models: "Models"
        case .state: "state"
        case .semeion: "data/semeion.data"
        case .hostNames: ""
        case .threads: "0"
        case .connectionLimit: "1024"
        case .perAddressLimit: "0"
        case .bodyLimitBytes: "1048576"
        case .batchLimit: "4096"
        case .inactivityTimeoutSeconds: "30"
        case .headDeadlineSeconds: "10"
        case .bodyDeadlineSeconds: "30"
        case .gracePeriodSeconds: "10"
        case .workers: "0"
        case .workerMemoryBytes: "2147483648"
        case .workerIdle: "true"
        case .queueLimit: "1000"
        case .listenerLimit: "100"
        case .uploadLimitBytes: "67108864"
        case .keptExperiments: "200"
        case .keptVersions: "20"
        case .logLevel: "info"
        case .logFormat: "auto"
        case .logAccess: "errors"
        }
    }

    /// What the setting is for, in a phrase.
    var summary: String {
        switch self {
        case .host: "The address to listen on: IPv4, IPv6, or a name."
        case .port: "The port to listen on; 0 for any that is free."
        case .insecure: "Listen also on an address that other machines reach, where everybody may ask."
        case .models: "The folder of model documents."
        case .state: "The folder of all that the server remembers: experiments, trained models, data sets."
        case .semeion: "The file of the Semeion data set, for experiments on it."
        case .hostNames: "Names under which clients reach the server, besides localhost and addresses; separated by commas."
        case .threads: "Threads that serve; 0 for one a processor."
        case .connectionLimit: "Connections at once; at least one for each thread."
        case .perAddressLimit: "Connections at once from one address; 0 for no limit but the one of all."
        case .bodyLimitBytes: "The longest body of a request, in bytes."
        case .batchLimit: "Most bitmaps in one request."
        case .inactivityTimeoutSeconds: "Seconds after which a connection on which nothing moves is closed."
        case .headDeadlineSeconds: "Seconds in which the head of a request must be there."
        case .bodyDeadlineSeconds: "Seconds in which the body must be there, from the end of the head."
        case .gracePeriodSeconds: "Seconds that requests under way get when the server is told to stop."
        case .workers: "Worker processes that run experiments; 0 for one fewer than processors, but at least one."
        case .workerMemoryBytes: "Memory that a worker may have, in bytes; 0 for no limit."
        case .workerIdle: "Whether workers run only where nothing else wants to (SCHED_IDLE)."
        case .queueLimit: "Experiments that may wait for their turn."
        case .listenerLimit: "Clients that may listen to events at once."
        case .uploadLimitBytes: "The longest data set that is taken, in bytes."
        case .keptExperiments: "Finished experiments that are kept; of more, the oldest go."
        case .keptVersions: "Trained versions of a classifier that are kept; of more, the oldest go that do not serve."
        case .logLevel: "The least level that is logged."
        case .logFormat: "Text for people, JSON lines for programs, or auto: text on a terminal, else JSON."
        case .logAccess: "Requests that get a line, whatever the level; errors are those answered with 400 or more, or not at all."
        }
    }
}

extension Double {
    /// Without the decimals of a whole number.
    fileprivate var shortText: String { self == rounded() ? "\(Int(self))" : "\(self)" }
}
