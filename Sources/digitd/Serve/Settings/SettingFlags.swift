import ArgumentParser

/// The server's settings as flags. Values are taken as they are written: one place checks them, wherever they come from.
struct SettingFlags: ParsableArguments {
    @Option(help: Setting.host.help("address")) var host: String?
    @Option(help: Setting.port.help("port")) var port: String?
    @Flag(inversion: .prefixedNo, help: Setting.insecure.help(nil)) var insecure: Bool?
    @Option(help: Setting.models.help("folder")) var models: String?
    @Option(help: Setting.state.help("folder")) var state: String?
    @Option(help: Setting.semeion.help("file")) var semeion: String?
    @Option(help: Setting.hostNames.help("names")) var hostNames: String?
    @Option(help: Setting.threads.help("count")) var threads: String?
    @Option(help: Setting.connectionLimit.help("count")) var connectionLimit: String?
    @Option(help: Setting.perAddressLimit.help("count")) var perAddressLimit: String?
    @Option(help: Setting.bodyLimitBytes.help("bytes")) var bodyLimitBytes: String?
    @Option(help: Setting.batchLimit.help("count")) var batchLimit: String?
    @Option(help: Setting.inactivityTimeoutSeconds.help("seconds")) var inactivityTimeoutSeconds: String?
    @Option(help: Setting.headDeadlineSeconds.help("seconds")) var headDeadlineSeconds: String?
    @Option(help: Setting.bodyDeadlineSeconds.help("seconds")) var bodyDeadlineSeconds: String?
    @Option(help: Setting.gracePeriodSeconds.help("seconds")) var gracePeriodSeconds: String?
    @Option(help: Setting.workers.help("count")) var workers: String?
    @Option(help: Setting.workerMemoryBytes.help("bytes")) var workerMemoryBytes: String?
    @Flag(inversion: .prefixedNo, help: Setting.workerIdle.help(nil)) var workerIdle: Bool?
    @Option(help: Setting.queueLimit.help("count")) var queueLimit: String?
    @Option(help: Setting.listenerLimit.help("count")) var listenerLimit: String?
    @Option(help: Setting.uploadLimitBytes.help("bytes")) var uploadLimitBytes: String?
    @Option(help: Setting.keptExperiments.help("count")) var keptExperiments: String?
    @Option(help: Setting.keptVersions.help("count")) var keptVersions: String?
    @Option(help: Setting.logLevel.help("level")) var logLevel: String?
    @Option(help: Setting.logFormat.help("format")) var logFormat: String?
    @Option(help: Setting.logAccess.help("requests")) var logAccess: String?

    /// The flags that were given.
    var given: [Setting: String] {
        let values: [(Setting, String?)] = [
            (.host, host), (.port, port), (.insecure, insecure.map { "\($0)" }), (.models, models), (.state, state), (.threads, threads),
            (.connectionLimit, connectionLimit), (.perAddressLimit, perAddressLimit), (.bodyLimitBytes, bodyLimitBytes),
            (.batchLimit, batchLimit), (.inactivityTimeoutSeconds, inactivityTimeoutSeconds), (.headDeadlineSeconds, headDeadlineSeconds),
            (.bodyDeadlineSeconds, bodyDeadlineSeconds), (.gracePeriodSeconds, gracePeriodSeconds), (.semeion, semeion),
            (.hostNames, hostNames), (.workers, workers), (.workerMemoryBytes, workerMemoryBytes),
            (.workerIdle, workerIdle.map { "\($0)" }), (.queueLimit, queueLimit), (.listenerLimit, listenerLimit),
            (.uploadLimitBytes, uploadLimitBytes), (.keptExperiments, keptExperiments), (.keptVersions, keptVersions),
            (.logLevel, logLevel), (.logFormat, logFormat), (.logAccess, logAccess),
        ]
        return values.reduce(into: [:]) { given, pair in given[pair.0] = pair.1 }
    }
}

extension Setting {
    /// What `--help` says: what it is for, its range, its default.
    fileprivate func help(_ valueName: String?) -> ArgumentHelp {
        let range =
            switch shape {
            case .text, .names, .truth: ""
            case .integer, .seconds, .choice: " \(expectation.prefix(1).uppercased())\(expectation.dropFirst())."
            }
        return ArgumentHelp("\(summary)\(range) Default: \(defaultText.isEmpty ? "none" : defaultText).", valueName: valueName)
    }
}
