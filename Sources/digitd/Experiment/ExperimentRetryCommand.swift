import ArgumentParser
import DigitAPI
import DigitClient

/// Queues an experiment again that has failed, was cancelled, or has failed trials.
struct ExperimentRetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Queue what failed of an experiment again; what has succeeded is kept.",
        discussion: "Example:\n  digitd experiment retry latest")

    @OptionGroup var options: ServerOptions

    @Argument(help: ExperimentReference.help)
    var experiment: ExperimentReference

    func run() throws {
        let client = try options.client()
        let experiment = try client.retry(try experiment.id(client))
        StandardOutput.write("\(experiment.id) \(experiment.state.rawValue)\n")
    }
}
