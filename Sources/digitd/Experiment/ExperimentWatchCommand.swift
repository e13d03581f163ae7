import ArgumentParser
import DigitAPI
import DigitClient

/// Follows an experiment.
struct ExperimentWatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Follow an experiment to its end.",
        discussion: """
            Ends with 0 where the experiment has succeeded and with 1 where it has failed or was cancelled. Where the connection breaks, as \
            it does when the server starts again, watching goes on as soon as the server is back. Ctrl-C ends the watching, not the experiment.

            Example:
              digitd experiment watch latest
            """)

    @OptionGroup var options: ServerOptions

    @Argument(help: ExperimentReference.help)
    var experiment: ExperimentReference

    func run() async throws {
        let client = try options.client()
        try await ExperimentWatch.showToEnd(try experiment.id(client), client: client)
    }
}
