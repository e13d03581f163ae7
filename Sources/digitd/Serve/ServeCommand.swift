import ArgumentParser
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
            """)

    @Option(
        help: ArgumentHelp(
            "The file of settings, also DIGITD_CONFIG. Default: \(SettingSources.defaultFile), where there is one.", valueName: "file"))
    var config: String?

    @Flag(help: "Print the settings in force and where each comes from, and end.")
    var printConfig = false

    @OptionGroup var flags: SettingFlags

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let sources = try SettingSources(flags: flags.given, configFile: config, environment: environment)
        if printConfig { StandardOutput.write(SettingTable.inForce(sources)) }
        let configuration = try ServeConfiguration(sources)
        if printConfig { return }
        let format = configuration.logFormat.resolved(isTerminal: StandardError.isTerminal, environment: environment)
        let logger = Logger(label: "digitd") { StandardErrorLogHandler(label: $0, format: format, level: configuration.logLevel) }
        for variable in sources.unknownVariables { logger.warning("not a setting", metadata: ["variable": "\(variable)"]) }
        try await Serving(configuration: configuration, logFormat: format, logger: logger).run()
    }
}

extension ServeConfiguration.LogFormat {
    /// In colour on a terminal only, and not where `NO_COLOR` (no-color.org) is set to anything.
    func resolved(isTerminal: Bool, environment: [String: String]) -> LogLine.Format {
        let inColour = isTerminal && environment["NO_COLOR", default: ""].isEmpty
        return switch self {
        case .auto: isTerminal ? .text(inColour: inColour) : .json
        case .text: .text(inColour: inColour)
        case .json: .json
        }
    }
}
