import ArgumentParser
import Digits
import Files

/// Makes digits from strokes.
struct DatasetSynthesizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synthesize",
        abstract: "Make a data set of digits drawn from strokes: any number of them, equal for equal seeds.")

    @Argument(help: "The file to write; its extension says the format: .data, .csv or .bin.")
    var output: String

    @Option(help: "Digits to draw, 1 or more.")
    var rows = 1593

    @Option(help: "Decides every stroke, 0 or more.")
    var seed: UInt64 = 0

    func validate() throws {
        if rows < 1 { throw ValidationError("--rows is \(rows); expected 1 or more") }
    }

    func run() throws {
        guard let format = DatasetFormat(fileName: output) else {
            throw CommandFailure("\(output): expected a file name that ends in .data, .csv or .bin", status: .usage)
        }
        let dataset = SyntheticDigits.dataset(rowCount: rows, seed: seed)
        try DurableFile.replace(output, with: dataset.encoded(as: format))
        StandardOutput.write("wrote \(output): \(dataset.count) rows, \(format.rawValue)\n")
    }
}
