import ArgumentParser

/// The server's settings as flags. Values are taken as they are written: one place checks them, wherever they come from.
struct SettingFlags: ParsableArguments {
    @Option(help: "The address to listen on. Default: \(Setting.host.defaultText).")
    var host: String?

    @Option(help: "The port to listen on, 0 for any that is free. Default: \(Setting.port.defaultText).")
    var port: String?

    @Flag(help: "Listen on an address that other machines reach: everybody there may ask.")
    var insecure = false

    @Option(help: "The folder of model documents. Default: \(Setting.models.defaultText).")
    var models: String?

    @Option(help: "The folder for what the server remembers. Default: \(Setting.state.defaultText).")
    var state: String?

    @Option(help: "Threads that serve, 0 for one a processor. Default: \(Setting.threads.defaultText).")
    var threads: String?

    @Option(help: "Connections at once. Default: \(Setting.connections.defaultText).")
    var limitsConnections: String?

    @Option(help: "Connections at once from one address, 0 for no limit. Default: \(Setting.connectionsPerAddress.defaultText).")
    var limitsConnectionsPerAddress: String?

    @Option(help: "The longest body of a request in bytes. Default: \(Setting.bodyBytes.defaultText).")
    var limitsBodyBytes: String?

    @Option(help: "Most bitmaps in one request. Default: \(Setting.bitmaps.defaultText).")
    var limitsBitmaps: String?

    @Option(help: "Seconds after which a silent connection is closed. Default: \(Setting.inactivitySeconds.defaultText).")
    var timeoutsInactivitySeconds: String?

    @Option(help: "Seconds in which the head of a request must be there. Default: \(Setting.headSeconds.defaultText).")
    var timeoutsHeadSeconds: String?

    @Option(help: "Seconds in which the body of a request must be there. Default: \(Setting.bodySeconds.defaultText).")
    var timeoutsBodySeconds: String?

    @Option(help: "Seconds that requests under way get when the server stops. Default: \(Setting.graceSeconds.defaultText).")
    var timeoutsGraceSeconds: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical. Default: \(Setting.logLevel.defaultText).")
    var logLevel: String?

    @Option(help: "text, json, or auto for text on a terminal. Default: \(Setting.logFormat.defaultText).")
    var logFormat: String?

    @Option(help: "Requests that get a line in the log: all, errors or none. Default: \(Setting.logAccess.defaultText).")
    var logAccess: String?

    /// The flags that were given.
    var given: [Setting: String] {
        let values: [(Setting, String?)] = [
            (.host, host), (.port, port), (.insecure, insecure ? "true" : nil), (.models, models), (.state, state),
            (.threads, threads), (.connections, limitsConnections), (.connectionsPerAddress, limitsConnectionsPerAddress),
            (.bodyBytes, limitsBodyBytes), (.bitmaps, limitsBitmaps), (.inactivitySeconds, timeoutsInactivitySeconds),
            (.headSeconds, timeoutsHeadSeconds), (.bodySeconds, timeoutsBodySeconds), (.graceSeconds, timeoutsGraceSeconds),
            (.logLevel, logLevel), (.logFormat, logFormat), (.logAccess, logAccess),
        ]
        return values.reduce(into: [:]) { given, pair in given[pair.0] = pair.1 }
    }
}
