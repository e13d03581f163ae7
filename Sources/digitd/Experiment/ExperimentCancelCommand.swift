import ArgumentParser
import DigitAPI
import DigitClient

/// Ends an experiment before its time.
struct ExperimentCancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel an experiment; what has finished stays in its report.",
        discussion: "Example:\n  digitd experiment cancel 01KB3M9Z")

    @OptionGroup var options: ServerOptions

    @Argument(help: ExperimentReference.help)
    var experiment: ExperimentReference

    func run() throws {
        let client = try options.client()
        let experiment = try client.cancel(try experiment.id(client))
        StandardOutput.write("\(experiment.id) \(experiment.state.rawValue)\n")
    }
}
