import ArgumentParser

/// What can be asked of a server's experiments.
struct ExperimentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "experiment",
        abstract: "Submit searches to a server, and follow, report, cancel and retry them.",
        discussion:
            "The server that 'digitd serve' starts runs them, one after the other, whether or not anybody watches.\n\nExample:\n  digitd experiment submit --preset quick --watch",
        subcommands: [
            ExperimentSubmitCommand.self, ExperimentListCommand.self, ExperimentWatchCommand.self, ExperimentReportCommand.self,
            ExperimentCancelCommand.self, ExperimentRetryCommand.self,
        ])
}
