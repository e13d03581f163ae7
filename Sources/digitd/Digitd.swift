import ArgumentParser
import ModelSelection

/// The command line: each subcommand reads its arguments, calls the modules below, and prints.
@main
struct Digitd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "digitd",
        abstract: "Classifies handwritten digits: trains the classifiers, and serves them over HTTP.",
        version: DigitdVersion.current,
        subcommands: [
            ServeCommand.self, TrainCommand.self, StudyCommand.self, PCACommand.self, PredictCommand.self, EvaluateCommand.self,
            DatasetCommand.self, ExperimentCommand.self, SettingsCommand.self, WorkerCommand.self,
        ])

    /// As the parser's own, except that failures of ours end with a message and a code of `sysexits.h`.
    static func main() async {
        ProcessClock.begin()
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            guard let failure = CommandFailure(error) else { exit(withError: error) }
            StandardError.write("digitd: \(failure.message)\n")
            exit(withError: failure.status)
        }
    }
}
