import ArgumentParser
import DigitAPI
import DigitClient
import ModelSelection

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Asks a server for a new experiment.
struct ExperimentSubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Submit a search to a server.",
        discussion: """
            Prints the experiment's id and link. What is not said the server decides.

            Example:
              digitd experiment submit --preset quick --watch
            """)

    @OptionGroup var options: ServerOptions

    @Option(help: "A search that comes with digitd.")
    var preset: SearchPreset?

    @Option(help: "The grid file (YAML) of a search of one's own; '-' is standard input.", completion: .file())
    var grid: String?

    @Option(help: "The data set, by the name that the server has for it.")
    var dataset: String?

    @Option(help: "Every candidate, some drawn at random, or all on few rows and the better ones on more.")
    var strategy: SearchStrategy?

    @Option(parsing: .unconditional, help: "How many candidates are drawn, with --strategy random.")
    var candidates: Int?

    @Option(
        parsing: .unconditional,
        help:
            "A number of folds, \(NewExperiment.Folds.leaveOneOutName), or a JSON file with the fold of every row; '-' is standard input.",
        completion: .file())
    var folds: String?

    @Option(help: "How rows come together in a number of folds: shared out evenly by digit, or consecutive rows.")
    var folding: Folding?

    @Option(parsing: .unconditional, help: "Decides everything that is random, 0 or more.")
    var seed: UInt64?

    @Option(parsing: .unconditional, help: "-100 to 100; of queued experiments the one with the highest priority is next.")
    var priority: Int?

    @Option(help: "Whether the best models replace those in service.")
    var promote: Promotion?

    @Flag(help: "Let a model replace one that knows more digits.")
    var allowFewerClasses = false

    @Option(help: "A name for people to know it by.")
    var name: String?

    @Flag(help: "Watch it to its end.")
    var watch = false

    func validate() throws {
        if preset != nil, grid != nil { throw ValidationError("--preset and --grid are both given; expected one search") }
    }

    func run() async throws {
        let client = try options.client()
        let experiment = try client.submit(try request(), key: UUID().uuidString)
        StandardOutput.write("\(experiment.id) \(client.link(to: experiment.id))\n")
        if watch { try await ExperimentWatch.showToEnd(experiment.id, client: client) }
    }

    /// - Throws: as reading the files does; `CommandFailure` for folding that does not go with the folds.
    func request() throws -> NewExperiment {
        NewExperiment(
            name: name, dataset: dataset, preset: preset?.rawValue,
            search: try grid.map(GridSource.read)?.entries.map { NewExperiment.Entry(classifier: $0.classifier, grid: $0.grid) },
            strategy: strategy, candidates: candidates, folds: try folds.map(requestedFolds), folding: folding, seed: seed,
            priority: priority, promote: promote, allowFewerClasses: allowFewerClasses ? true : nil)
    }

    private func requestedFolds(_ source: String) throws -> NewExperiment.Folds {
        if let count = Int(source) { return .count(count) }
        try FoldSource.requireNoFolding(folding, source)
        if source == NewExperiment.Folds.leaveOneOutName { return .leaveOneOut }
        return .rows(try FoldSource.file(source, rowCount: nil).foldOfRow)
    }
}

extension SearchPreset: ExpressibleByArgument {}
extension SearchStrategy: ExpressibleByArgument {}
extension Promotion: ExpressibleByArgument {}
