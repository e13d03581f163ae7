import ArgumentParser
import Classifiers
import Digits
import Figures
import Files
import JSONText
import ModelSelection

/// Compresses digits to their principal components, and says what is lost.
struct PCACommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pca",
        abstract: "Compress digits to their principal components, and measure what is lost.",
        discussion: """
            For each share of the variance: the components that explain it, how many times fewer numbers that is, the mean squared error of \
            a rebuilt pixel, and the cross-validated accuracy of the best SVM (rbf; C 0.1 to 100, gamma 1/256, 0.03, 0.003) on the \
            components, which are found anew in every fold. On Semeion with what the 2016 study found beside it. Nothing is kept of a run \
            that is interrupted.

            Example:
              digitd pca --data synthetic:500 --variance 0.9,0.5
            """)

    @OptionGroup var options: SearchOptions

    @Option(help: "Shares of the variance, above 0 and up to 1, with commas between them.")
    var variance = "0.9,0.5,0.1"

    @Option(
        help: "Where the digits rebuilt from their components go (SVG), a folder that is made where it is missing.", completion: .directory)
    var figures: String?

    @Option(
        help: "Where the numbers go (JSON); '-' is standard output, all else then goes to standard error.", completion: .file())
    var report: String?

    func run() async throws {
        let shares = try variance.split(separator: ",", omittingEmptySubsequences: false).map { text in
            guard let share = Double(text), share > 0, share <= 1 else {
                throw CommandFailure("--variance \(variance): expected shares above 0 and up to 1, found '\(text)'", status: .usage)
            }
            return share
        }
        let dataset = try DatasetSource.read(options.data)
        let (folds, _) = try options.foldAssignment(of: dataset)
        if let figures { try DurableFile.requireWritableFolder(figures) }
        let output = report.map(OutputFile.init)
        try output?.requireWritable()
        let study = try CompressionStudy(dataset: dataset, folds: folds, varianceShares: shares)
        let jobCount = options.jobCount
        let levels = try await Interruption.run(message: "interrupted; nothing of this run is kept, and nothing was written") {
            let bar = ProgressBar(total: study.unitCount, unit: "fits", title: "pca")
            defer { bar.finish() }
            return try await study.run(jobCount: jobCount) { bar.advance(by: 1) }
        }
        let narration = output?.narration ?? .standardOutput
        narration.write(CompressionTable.text(of: levels, dataset: dataset, width: narration.width))
        try output?.write(JSONWriter.line(of: levels, .indented))
        if let figures { try FigureFolder(figures).write([try reconstructions(levels, of: dataset)], narration: narration) }
    }

    /// The first of each digit, rebuilt from the components of all rows.
    private func reconstructions(_ levels: [CompressionStudy.Level], of dataset: DigitDataset) throws -> Figure {
        let originals = dataset.classes.compactMap { digit in dataset.labels.firstIndex(of: digit).map { dataset.bitmaps[$0] } }
        let rebuilt = try levels.map { level in
            let components = try PrincipalComponentsParameters(.count(level.components)).fit(dataset, rows: Array(0..<dataset.count))
            return DigitPictures.Reconstruction(
                name: "\((level.varianceShare * 100).decimals(0)) % of the variance",
                note: "\(level.components) component\(level.components == 1 ? "" : "s")",
                digits: originals.map { components.inverseTransform(components.transform($0)) })
        }
        return DigitPictures.reconstructions(of: originals, levels: rebuilt, dataset: dataset.name)
    }
}
