import ArgumentParser

/// Measurements inside one process, for scripts/bench.
@main
struct DigitdBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "digitd-bench", abstract: "Measurements inside one process, for scripts/bench.",
        subcommands: [PredictionTimingCommand.self, FitTimingCommand.self, InstructionSetCommand.self])
}
