import ArgumentParser

/// What can be done with data sets.
struct DatasetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dataset",
        abstract: "Show, draw, convert and make data sets.",
        discussion: "Example:\n  digitd dataset info data/semeion.data",
        subcommands: [DatasetInfoCommand.self, DatasetRenderCommand.self, DatasetConvertCommand.self, DatasetSynthesizeCommand.self])
}
