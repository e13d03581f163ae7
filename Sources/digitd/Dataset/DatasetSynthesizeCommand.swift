import ArgumentParser
import Digits

/// Makes digits from strokes.
struct DatasetSynthesizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synthesize",
        abstract: "Make a data set of digits drawn from strokes: any number of them, equal for equal seeds.",
        discussion: "Example:\n  digitd dataset synthesize thousand.csv --rows 1000")

    @Argument(
        help: "The file to write; its extension says the format: .data, .csv or .bin. '-' is standard output, which needs --format.",
        completion: .file())
    var output: String

    @Option(help: "semeion, csv or packed. Default: what the output's extension says.")
    var format: DatasetFormat?

    @Option(parsing: .unconditional, help: "Digits to draw, 1 or more.")
    var rows = 1593

    @Option(parsing: .unconditional, help: "Decides every stroke, 0 or more.")
    var seed: UInt64 = 0

    func validate() throws {
        if rows < 1 { throw ValidationError("--rows is \(rows); expected 1 or more") }
    }

    func run() throws {
        guard let format = format ?? DatasetFormat(fileName: output) else {
            throw CommandFailure(
                "\(output): expected a file name that ends in .data, .csv or .bin, or --format", status: .usage)
        }
        let dataset = SyntheticDigits.dataset(rowCount: rows, seed: seed)
        try OutputFile(output).write(dataset.encoded(as: format), details: ": \(dataset.count) rows, \(format.rawValue)")
    }
}
