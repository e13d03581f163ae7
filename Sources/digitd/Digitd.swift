import ArgumentParser
import ModelSelection

/// The command line: each subcommand reads its arguments, calls the modules below, and prints.
@main
struct Digitd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "digitd",
        abstract: "Classifies handwritten digits: trains the classifiers, and serves them over HTTP.",
        discussion: "Example:\n  digitd predict --model Models/svm.json digit.pbm",
        version: DigitdVersion.current,
        subcommands: [
            ServeCommand.self, TrainCommand.self, StudyCommand.self, PCACommand.self, PredictCommand.self, EvaluateCommand.self,
            DatasetCommand.self, ExperimentCommand.self, ModelsCommand.self, DatasetsCommand.self, FeedbackCommand.self,
            StateCommand.self, SettingsCommand.self, WorkerCommand.self,
        ])

    /// As the parser's own, except that failures of ours end with a message and a code of `sysexits.h`.
    static func main() async {
        ProcessClock.begin()
        do {
            var command = try parseAsRoot(ProcessArguments.texts)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            try StandardOutput.requireWritten()
        } catch {
            exit(withError: report(error))
        }
    }

    /// Says what has ended the program, and gives the code that it ends with.
    private static func report(_ error: any Error) -> ExitCode {
        if let failure = CommandFailure(error) {
            Narration.standardError.write("digitd: \(failure.message.printableLines)\n")
            return failure.status
        }
        let status = exitCode(for: error)
        let text = fullMessage(for: error)
        // Help and the version are what was asked for.
        guard status.isSuccess else {
            if !text.isEmpty { Narration.standardError.write(text.printableLines + "\n") }
            return status
        }
        Narration.standardOutput.write(text + "\n")
        do {
            try StandardOutput.requireWritten()
            return status
        } catch {
            return report(error)
        }
    }
}
