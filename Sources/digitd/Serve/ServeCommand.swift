import ArgumentParser
import DigitService
import HTTPServing
import Logging
import ModelFiles

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Serves predictions over HTTP until it is told to stop.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve predictions over HTTP.",
        discussion: """
            Every setting can be given as a flag, as an environment variable (--limits-body-bytes is DIGITD_LIMITS_BODY_BYTES) or in a \
            YAML file (limits.bodyBytes); the flag counts first, the file last. SIGTERM stops after the requests under way, SIGHUP loads \
            the models again.
            """)

    @Option(help: "The file of settings; also DIGITD_CONFIG. Default: \(SettingSources.defaultFile), where it is there.")
    var config: String?

    @Flag(help: "Print the settings in force and where each comes from, and end.")
    var printConfig = false

    @OptionGroup var flags: SettingFlags

    func run() async throws {
        let sources = try SettingSources(
            flags: flags.given, configFile: config, environment: ProcessInfo.processInfo.environment)
        let configuration = try ServeConfiguration(sources)
        if printConfig {
            StandardOutput.write(try ConfigurationTable.text(of: sources))
            return
        }
        let logger = ServeCommand.logger(configuration)
        let models = CurrentModels(try ModelSnapshot(folder: configuration.modelsFolder))
        try await Serving(configuration: configuration, models: models, logger: logger).run()
    }

    private static func logger(_ configuration: ServeConfiguration) -> Logger {
        let inColour = StandardError.isTerminal && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
        let format: StandardErrorLogHandler.Format =
            switch configuration.logFormat {
            case .auto: StandardError.isTerminal ? .text(inColour: inColour) : .json
            case .text: .text(inColour: inColour)
            case .json: .json
            }
        return Logger(label: "digitd") { StandardErrorLogHandler(label: $0, format: format, level: configuration.logLevel) }
    }
}
