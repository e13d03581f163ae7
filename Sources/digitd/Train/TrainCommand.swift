import ArgumentParser
import Classifiers
import Files
import JSONText
import ModelFiles
import ModelSelection

/// Tunes classifiers by cross-validated grid search, refits the best of each on all rows and writes it as a model document.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Tune classifiers on a data set, and write the best of each as a model document.",
        discussion: """
            Every candidate of the grid is cross-validated; the best of each classifier is refitted on all rows and written to
            OUTPUT/CLASSIFIER.json. Equal data, grid, folds and seed give equal files, whatever the number of jobs.
            """)

    @OptionGroup var options: SearchOptions

    @Option(help: "The folder to write to; made where it is missing.")
    var output: String

    @Option(help: "The grid file (YAML). Default: the study's grids of SVM and random forest, 72 candidates.")
    var grid: String?

    @Option(help: "Where the report goes (JSON). Default: OUTPUT/\(ModelSet.trainingReportFileName).")
    var report: String?

    func run() async throws {
        let (search, folding) = try options.search(grid: grid, preset: .tuned)
        let reportPath = report ?? "\(output)/\(ModelSet.trainingReportFileName)"
        try DurableFile.requireWritableFolder(output)
        try DurableFile.requireReplaceable(reportPath)

        StandardOutput.write(options.summary(of: search))
        let (result, timing) = try await search.runShowingProgress(jobCount: options.jobCount)
        StandardOutput.write(TrainingTable.text(of: result))
        StandardOutput.write("\(search.trialCount) trials in \(timing.wallSeconds.decimals(2)) s\n")

        // A classifier of which nothing could be measured, or whose best cannot be refitted, costs the others neither their models nor
        // the report.
        var failure: SearchError?
        for classifier in result.classifiers {
            guard let winner = result.best(of: classifier) else {
                failure = failure ?? result.failure(of: classifier)
                continue
            }
            let document: ModelDocument
            do throws(TrainingError) {
                document = try ModelDocument(refitting: winner, of: result, foldKind: folding)
            } catch {
                if error == .cancelled { throw error }
                failure = failure ?? SearchError.nothingSucceeded(classifier: classifier, reason: "\(error)")
                continue
            }
            let path = "\(output)/\(classifier.rawValue).json"
            try document.write(to: path)
            StandardOutput.write("wrote \(path)\n")
        }
        let document = SearchReport(result, folding: folding, jobCount: options.jobCount, wallSeconds: timing.wallSeconds)
        try DurableFile.replace(reportPath, with: JSONWriter.line(of: document, .indented))
        StandardOutput.write("wrote \(reportPath)\n")
        if let failure { throw failure }
    }
}
