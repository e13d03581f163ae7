import ArgumentParser
import DigitAPI
import DigitClient

/// Ends an experiment before its time.
struct ExperimentCancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Cancel an experiment; what has finished stays in its report.")

    @OptionGroup var options: ServerOptions

    @Argument(help: "The experiment.")
    var id: ExperimentID

    func run() throws {
        let experiment = try options.client().cancel(id)
        StandardOutput.write("\(experiment.id) \(experiment.state.rawValue)\n")
    }
}
