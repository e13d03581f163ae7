import ArgumentParser
import Digits
import Files

/// Writes a data set in another format.
struct DatasetConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert", abstract: "Write a data set in another format: .data (Semeion's), .csv or .bin (packed, 33 bytes a row).")

    @Argument(help: "The data set: \(DatasetSource.help).")
    var data: String

    @Argument(help: "The file to write.")
    var output: String

    @Option(help: "semeion, csv or packed. Default: what the output's extension says.")
    var format: DatasetFormat?

    func run() throws {
        guard let format = format ?? DatasetFormat(fileName: output) else {
            throw CommandFailure(
                "\(output): expected a file name that ends in .data, .csv or .bin, or --format", status: .usage)
        }
        let dataset = try DatasetSource.read(data)
        try DurableFile.replace(output, with: dataset.encoded(as: format))
        StandardOutput.write("wrote \(output): \(dataset.count) rows, \(format.rawValue)\n")
    }
}

extension DatasetFormat: ExpressibleByArgument {}
