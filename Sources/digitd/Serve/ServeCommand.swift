import ArgumentParser
import Experiments
import JSONText
import Logging

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Serves predictions over HTTP until a signal stops it.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve predictions over HTTP.",
        discussion: """
            Every setting can be given as a flag, as an environment variable (--body-limit-bytes is DIGITD_BODY_LIMIT_BYTES) or in a YAML \
            file (bodyLimitBytes; level under log for --log-level); a flag beats a variable beats the file. SIGTERM and SIGINT stop after \
            the requests under way, a second one at once; SIGHUP loads the models again.

            Example:
              digitd serve --port 8080 --models Models
            """)

    @Option(
        help: ArgumentHelp(
            "The file of settings, also DIGITD_CONFIG. Default: \(SettingSources.defaultFile), where there is one.", valueName: "file"),
        completion: .file())
    var config: String?

    @Flag(help: "Print the settings in force and where each comes from, and end.")
    var printConfig = false

    @OptionGroup var flags: SettingFlags

    /// How long a log that nobody reads may keep the process from ending.
    private static let lastFlushSeconds = 1.0

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        var format = ServeConfiguration.LogFormat.named(flags.given, environment).resolved(environment: environment)
        do {
            let sources = try SettingSources(flags: flags.given, configFile: config, environment: environment)
            if printConfig { StandardOutput.write(SettingTable.inForce(sources)) }
            let configuration = try ServeConfiguration(sources)
            if printConfig { return }
            format = configuration.logFormat.resolved(environment: environment)
            try await serve(configuration, sources, format)
        } catch {
            // Whoever reads the log as lines of JSON reads why there is no server there too; a terminal shows what other commands do.
            guard format == .json, let failure = CommandFailure(error) else { throw error }
            StandardError.write(
                LogLine.line(
                    format, time: .now, level: .critical, label: ServeCommand.logLabel, message: "cannot serve",
                    metadata: ["reason": "\(failure.message)"]))
            throw failure.status
        }
    }

    private static let logLabel = "digitd"

    private func serve(_ configuration: ServeConfiguration, _ sources: SettingSources, _ format: LogLine.Format) async throws {
        let log = LogQueue(format: format)
        defer { log.flush(timeoutSeconds: ServeCommand.lastFlushSeconds) }
        let logger = Logger(label: ServeCommand.logLabel) {
            LineLogHandler(label: $0, format: format, level: configuration.logLevel, queue: log)
        }
        for variable in sources.unknownVariables {
            var metadata: Logger.Metadata = ["variable": "\(variable)"]
            metadata["nearest"] = variable.nearest(among: Setting.all.map(\.variable)).map { "\($0)" }
            logger.warning("not a setting", metadata: metadata)
        }
        try await Serving(configuration: configuration, logFormat: format, log: log, logger: logger).run()
    }
}

extension ServeConfiguration.LogFormat {
    /// What a flag or a variable says, before anything is checked: for what is wrong with the settings themselves.
    static func named(_ flags: [String: String], _ environment: [String: String]) -> ServeConfiguration.LogFormat {
        (flags["log.format"] ?? environment["DIGITD_LOG_FORMAT"]).flatMap(ServeConfiguration.LogFormat.init) ?? .auto
    }

    /// In colour on a terminal only, and not where `NO_COLOR` (no-color.org) is set to anything.
    func resolved(isTerminal: Bool = StandardError.isTerminal, environment: [String: String]) -> LogLine.Format {
        let inColour = isTerminal && environment["NO_COLOR", default: ""].isEmpty
        return switch self {
        case .auto: isTerminal ? .text(inColour: inColour) : .json
        case .text: .text(inColour: inColour)
        case .json: .json
        }
    }
}
