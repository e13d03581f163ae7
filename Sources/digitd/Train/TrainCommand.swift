import ArgumentParser
import Classifiers
import Files
import JSONText
import ModelFiles
import ModelSelection
import Threads

/// Tunes classifiers by cross-validated grid search, refits the best of each on all rows and writes it as a model document.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Tune classifiers on a data set, and write the best of each as a model document.",
        discussion: """
            Every candidate of the grid is cross-validated; the best of each classifier is refitted on all rows and written to \
            OUTPUT/CLASSIFIER.json. Equal data, grid, folds and seed give equal files, whatever the number of jobs. A search that is \
            interrupted leaves nothing; an interruption while models are written leaves those that are whole.

            Example:
              digitd train --data data/semeion.data --output trained
            """)

    @OptionGroup var options: SearchOptions
    @OptionGroup var outputs: SearchOutputs

    @Option(help: "The folder to write to; made where it is missing.", completion: .directory)
    var output: String

    @Option(
        help: "The grid file (YAML); '-' is standard input. Default: the study's grids of SVM and random forest, 72 candidates.",
        completion: .file())
    var grid: String?

    @Option(
        help: """
            Where the report goes (JSON); '-' is standard output, all else then goes to standard error. \
            Default: OUTPUT/\(ModelSet.trainingReportFileName).
            """, completion: .file())
    var report: String?

    func run() async throws {
        let (search, folding) = try options.search(grid: grid, preset: .tuned)
        let reportFile = OutputFile(report ?? "\(output)/\(ModelSet.trainingReportFileName)")
        try DurableFile.requireWritableFolder(output)
        try reportFile.requireWritable()
        try outputs.requireWritable(beside: reportFile)

        let (folder, jobCount, outputs) = (output, options.jobCount, outputs)
        let narration = outputs.narration(beside: reportFile)
        narration.write(options.summary(of: search))
        let kept = Locked<[String]>([])
        try await Interruption.run(message: TrainCommand.interruptionMessage(kept: kept.withLock { $0 }, folder: folder)) {
            let (result, timing) = try await search.runShowingProgress(jobCount: jobCount)
            let document = SearchReport(result, folding: folding, jobCount: jobCount, wallSeconds: timing.wallSeconds)
            narration.write(TrainingTable.text(of: result, width: narration.width) + UnconvergedNote.text(of: document))
            narration.write("\(search.trialCount) trials in \(timing.wallSeconds.decimals(2)) s\n")

            // A classifier of which nothing could be measured, or whose best cannot be refitted, costs the others neither their models
            // nor the report.
            var failure: SearchError?
            for classifier in result.classifiers {
                guard let winner = result.best(of: classifier) else {
                    failure = failure ?? result.failure(of: classifier)
                    continue
                }
                let model: ModelDocument
                do throws(TrainingError) {
                    model = try ModelDocument(refitting: winner, of: result, foldKind: folding)
                } catch {
                    if error == .cancelled { throw error }
                    failure = failure ?? SearchError.nothingSucceeded(classifier: classifier, reason: "\(error)")
                    continue
                }
                let path = "\(folder)/\(classifier.rawValue).json"
                try model.write(to: path)
                kept.withLock { $0.append(path) }
                narration.write("wrote \(path.printable)\n")
            }
            try reportFile.write(JSONWriter.line(of: document, .indented), saidTo: narration)
            try outputs.write(result, narration: narration)
            if let failure { throw failure }
        }
    }

    /// What an interrupted training has left.
    static func interruptionMessage(kept: [String], folder: String) -> String {
        kept.isEmpty
            ? "interrupted; nothing of the search is kept, and nothing was written to \(folder) ('digitd study' keeps what has finished)"
            : "interrupted; kept \(kept.joined(separator: ", ")); the report and what was to follow are missing"
    }
}
