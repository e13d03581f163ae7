import ArgumentParser
import Digits

/// Writes a data set in another format.
struct DatasetConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Write a data set in another format: .data (Semeion's), .csv or .bin (packed, 33 bytes a row).",
        discussion: "Example:\n  digitd dataset convert synthetic:100 hundred.csv")

    @Argument(help: "The data set: \(DatasetSource.help).", completion: .file())
    var data: String

    @Argument(help: "The file to write; '-' is standard output, which needs --format.", completion: .file())
    var output: String

    @Option(help: "semeion, csv or packed. Default: what the output's extension says.")
    var format: DatasetFormat?

    func run() throws {
        guard let format = format ?? DatasetFormat(fileName: output) else {
            throw CommandFailure(
                "\(output): expected a file name that ends in .data, .csv or .bin, or --format", status: .usage)
        }
        let dataset = try DatasetSource.read(data)
        try OutputFile(output).write(dataset.encoded(as: format), details: ": \(dataset.count) rows, \(format.rawValue)")
    }
}

extension DatasetFormat: ExpressibleByArgument {}
