import ArgumentParser
import Classifiers
import Digits
import HTTPServing
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

    @Option(help: "The data set: \(DatasetSource.help).")
    var data: String

    @Option(help: "The folder to write to; made where it is missing.")
    var output: String

    @Option(help: "The grid file (YAML). Default: the study's grids of SVM and random forest, 72 candidates.")
    var grid: String?

    @Option(help: "A number of folds, 2 or more, or a JSON file with the fold of every row.")
    var folds = "10"

    @Option(help: "Decides everything that is random, 0 or more.")
    var seed: UInt64 = 0

    @Option(help: "Trials that run side by side. Default: one a processor.")
    var jobs: Int?

    @Option(help: "Where the report goes (JSON). Default: OUTPUT/\(ModelSnapshot.trainingReportFileName).")
    var report: String?

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs is \(jobs); expected 1 or more") }
    }

    func run() async throws {
        let dataset = try DatasetSource.read(data)
        let search = try GridSearch(
            space: space(), dataset: dataset, folds: FoldSource.read(folds, dataset: dataset, seed: seed), seed: seed)
        let reportPath = report ?? "\(output)/\(ModelSnapshot.trainingReportFileName)"
        try DurableFile.requireWritableFolder(output)
        try DurableFile.requireWritableFolder(InputFile.folder(of: reportPath))

        let jobCount = jobs ?? Processors.count
        StandardOutput.write(
            "\(dataset.name): \(dataset.count) rows; \(search.space.rows.count) candidates x \(search.folds.foldCount) folds, "
                + "\(jobCount) job\(jobCount == 1 ? "" : "s"), seed \(seed)\n")
        let clock = ContinuousClock()
        let start = clock.now
        let result = SearchResult(search: search, trials: try await trials(of: search, jobCount: jobCount))
        let wallSeconds = (clock.now - start) / .seconds(1)
        StandardOutput.write(TrainingTable.text(of: result))
        StandardOutput.write("\(search.trialCount) trials in \(wallSeconds.decimals(2)) s\n")

        for classifier in result.classifiers {
            guard let winner = result.best(of: classifier) else {
                let reason = result.candidates.lazy
                    .filter { search.space.rows[$0.candidate].candidate.classifier == classifier }
                    .compactMap(\.failureReason).first
                throw SearchError.nothingSucceeded(classifier: classifier, reason: reason ?? "there were none")
            }
            let document = try ModelDocument(refitting: winner, of: result)
            let path = "\(output)/\(classifier.rawValue).json"
            try document.write(to: path)
            StandardOutput.write("wrote \(path)\n")
        }
        let document = SearchReport(result, jobCount: jobCount, wallSeconds: wallSeconds)
        try DurableFile.replace(reportPath, with: JSONText.bytes(of: document))
        StandardOutput.write("wrote \(reportPath)\n")
    }

    private func space() throws -> SearchSpace {
        guard let grid else { return try SearchPreset.tuned.space() }
        let text = String(decoding: try InputFile.read(grid), as: UTF8.self)
        do throws(SearchError) {
            return try SearchSpace(yaml: text)
        } catch {
            throw CommandFailure("\(grid): \(error)", status: .dataError)
        }
    }

    private func trials(of search: GridSearch, jobCount: Int) async throws(SearchError) -> [Trial] {
        let bar = ProgressBar(total: search.trialCount, unit: "trials")
        let leader = Locked(SearchLeader(search: search))
        defer { bar.finish() }
        return try await search.run(jobCount: jobCount) { finished in
            let best = leader.withLock { $0.leader(after: finished) }
            bar.advance(by: finished.count, best: best.map { "\($0.row.candidate.classifier.rawValue) \($0.meanAccuracy.percent)" })
        }
    }
}
