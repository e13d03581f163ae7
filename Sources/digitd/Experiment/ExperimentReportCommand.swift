import ArgumentParser
import DigitAPI
import DigitClient
import ModelSelection

/// Fetches an experiment's report.
struct ExperimentReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Print an experiment's report, of as much as has finished.",
        discussion: "Example:\n  digitd experiment report latest --table")

    enum Form: EnumerableFlag {
        case json, csv, table

        static func help(for value: Form) -> ArgumentHelp? {
            switch value {
            case .json: "All of it, as JSON (as 'digitd study' writes it)."
            case .csv: "A line a candidate, as CSV."
            case .table: "The best of each classifier, for people."
            }
        }
    }

    @OptionGroup var options: ServerOptions

    @Argument(help: ExperimentReference.help)
    var experiment: ExperimentReference

    @Flag var form = Form.json

    @Option(help: "The file to write; '-' is standard output.", completion: .file())
    var output = InputFile.standardInput

    private struct Completeness: Decodable {
        let complete: Bool
    }

    func run() throws {
        let file = OutputFile(output)
        try file.requireWritable()
        let client = try options.client()
        let bytes = try client.report(try experiment.id(client), form: form == .csv ? .csv : .json)
        if form != .csv, try !ServerJSON.decode(Completeness.self, from: bytes).complete {
            Narration.standardError.write("digitd: the experiment has not finished all its trials; the report is of those that it has\n")
        }
        guard form == .table else { return try file.write(bytes) }
        let width = file.isStandardOutput ? StandardOutput.width : nil
        try file.write(Array(StudyTable.text(of: try ServerJSON.decode(SearchReport.self, from: bytes), width: width).utf8))
    }
}
