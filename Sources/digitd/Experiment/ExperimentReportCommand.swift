import ArgumentParser
import DigitAPI
import DigitClient
import Files
import ModelSelection

/// Fetches an experiment's report.
struct ExperimentReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Print an experiment's report, of as much as has finished.")

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

    @Argument(help: "The experiment.")
    var id: ExperimentID

    @Flag var form = Form.json

    @Option(help: "The file to write. Default: standard output.")
    var output: String?

    private struct Completeness: Decodable {
        let complete: Bool
    }

    func run() throws {
        if let output { try DurableFile.requireReplaceable(output) }
        let bytes = try options.client().report(id, form: form == .csv ? .csv : .json)
        if form != .csv, try !ServerJSON.decode(Completeness.self, from: bytes).complete {
            StandardError.write("digitd: the experiment has not finished all its trials; the report is of those that it has\n")
        }
        let text = form == .table ? Array(StudyTable.text(of: try ServerJSON.decode(SearchReport.self, from: bytes)).utf8) : bytes
        guard let output else { return StandardOutput.write(String(decoding: text, as: UTF8.self)) }
        try DurableFile.replace(output, with: text)
        StandardOutput.write("wrote \(output)\n")
    }
}
