import ArgumentParser
import Classifiers
import Figures
import Files
import ModelSelection

/// The whole study: cross-validates every candidate and reports what came of it, without making models.
struct StudyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "study",
        abstract: "Repeat the 2016 study: cross-validate every candidate of nine classifiers, and report.",
        discussion: """
            Prints the best of each classifier, on Semeion beside the study's and scikit-learn's, and writes a report with every trial, \
            confusion matrices, confidence intervals and a test of the best two classifiers. The best candidates are also measured on \
            folds of consecutive rows. Equal data, grid, folds and seed give equal results, whatever the number of jobs.

            Finished work stands in REPORT.journal until the report is written. After Ctrl-C or a crash, the same command with --resume \
            goes on from there; without it, a journal that holds work is not touched and the command refuses to start.

            On times in the report: \(SearchReport.timingInWords)

            Example:
              digitd study --data data/semeion.data --figures figures
            """)

    @OptionGroup var options: SearchOptions
    @OptionGroup var outputs: SearchOutputs

    @Option(
        help:
            "The grid file (YAML); '-' is standard input. Default: the study's 279 candidates of nine classifiers (config/grids/paper.yaml).",
        completion: .file())
    var grid: String?

    @Option(help: "Where the report goes (JSON); '-' is standard output, all else then goes to standard error.", completion: .file())
    var report = Study.standardReportPath

    @Option(help: "Where figures of what came out go (SVG and PNG), a folder that is made where it is missing.", completion: .directory)
    var figures: String?

    @Flag(help: "Measure where the time goes for one job and for --jobs: runs everything again, twice with one and twice with all.")
    var profile = false

    @Flag(help: "Go on from the journal of an interrupted run of the same study.")
    var resume = false

    func run() async throws {
        let (search, folding) = try options.search(grid: grid, preset: .paper)
        if let figures { try DurableFile.requireWritableFolder(figures) }
        let study = Study(
            search: search, folding: folding, jobCount: options.jobCount, report: OutputFile(report), outputs: outputs, isProfiled: profile,
            isResumed: resume)
        try study.requireWritable()
        let summary = options.summary(of: search)
        let result = try await Interruption.run(message: study.interruptionMessage) {
            let journal = try study.openJournal()
            study.narration.write(summary)
            return try await study.run(journal: journal)
        }
        if let figures {
            let drawn = StudyFigures(result, comparisons: StudyReference.comparisons(of: result)).all
            try FigureFolder(figures).write(drawn, narration: study.narration)
        }
        // The report is written whatever failed; the exit code says that something did.
        if let failed = result.classifiers.first(where: { result.best(of: $0) == nil }) { throw result.failure(of: failed) }
    }
}
