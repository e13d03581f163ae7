import ArgumentParser
import DigitAPI
import DigitClient
import Digits
import JSONText

/// The data sets that a server trains on.
struct DatasetsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "datasets",
        abstract: "List, upload and delete the data sets that a server trains on.",
        discussion: "What can be done with files is 'digitd dataset'.\n\nExample:\n  digitd datasets list",
        subcommands: [DatasetsListCommand.self, DatasetsUploadCommand.self, DatasetsDeleteCommand.self])
}

/// The data sets of a server.
struct DatasetsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List a server's data sets.", discussion: "Example:\n  digitd datasets list")

    @OptionGroup var options: ServerOptions

    @Flag(help: "Print what the server says, as JSON.")
    var json = false

    func run() throws {
        let datasets = try TrainingDataClient(server: try options.address()).datasets()
        if json { return StandardOutput.write(try JSONWriter.text(of: datasets, .indented) + "\n") }
        StandardOutput.write(DatasetsListCommand.table(of: datasets, width: StandardOutput.width))
    }

    /// A row a data set.
    static func table(of datasets: [DatasetDescription], width: Int?) -> String {
        var table = TextTable([
            ("name", .left), ("rows", .right), ("of each digit", .left), ("feedback", .right), ("created", .left), ("SHA-256", .left),
        ])
        for dataset in datasets {
            table.append([
                dataset.name, "\(dataset.rows)", dataset.digits.map { "\($0)" }.joined(separator: " "),
                dataset.feedback.map { "\($0.reduce(0, +))" } ?? "", dataset.created ?? "", String(dataset.sha256.prefix(12)),
            ])
        }
        let faults = datasets.compactMap { dataset in dataset.fault.map { "\(dataset.name): \($0)".printable + "\n" } }.joined()
        return table.text(width: width) + faults.wrapped(toWidth: width)
    }
}

/// Sends a data set to a server.
struct DatasetsUploadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload", abstract: "Store a data set on a server, in the place of one that has its name.",
        discussion: "Example:\n  digitd datasets upload mine digits.csv.gz")

    @OptionGroup var options: ServerOptions

    @Argument(help: "What the server is to call it.")
    var name: String

    @Argument(help: "The data set: \(DatasetSource.help).", completion: .file())
    var data: String

    func run() throws {
        let rows = try DatasetSource.read(data)
        let stored = try TrainingDataClient(server: try options.address()).upload(name.pathSegment, rows: rows.encoded(as: .packed))
        StandardOutput.write("\(stored.name.printable): \(stored.rows) rows, SHA-256 \(stored.sha256.printable)\n")
    }
}

/// Deletes a data set of a server.
struct DatasetsDeleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Delete a data set that was uploaded to a server.",
        discussion: "Example:\n  digitd datasets delete mine")

    @OptionGroup var options: ServerOptions

    @Argument(help: "The data set, by the name that the server has for it.")
    var name: String

    func run() throws {
        try TrainingDataClient(server: try options.address()).deleteDataset(name.pathSegment)
        StandardOutput.write("deleted \(name.printable)\n")
    }
}

extension String {
    /// This text as one segment of a URL's path: RFC 3986, section 3.3, all but unreserved characters and `+` encoded.
    fileprivate var pathSegment: String {
        utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
