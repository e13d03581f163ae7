import ArgumentParser
import Digits
import JSONText

/// What a data set holds.
struct DatasetInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "Say what a data set holds: rows, digits, ink, SHA-256 of its canonical bytes.",
        discussion: "Example:\n  digitd dataset info data/semeion.data")

    @Argument(help: "The data set: \(DatasetSource.help).", completion: .file())
    var data: String

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    func run() throws {
        let summary = DatasetSummary(try DatasetSource.read(data))
        StandardOutput.write(json ? try JSONWriter.text(of: summary, .indented) + "\n" : summary.text(width: StandardOutput.width))
    }
}

/// A data set in numbers.
struct DatasetSummary: Encodable {
    let name: String
    let rows: Int
    let sha256: String
    let digits: [Digit]

    struct Digit: Encodable {
        let digit: Int
        let rows: Int
        /// Mean of the pixels that are set, 0...256; nil without rows.
        let meanInk: Double?
    }

    init(_ dataset: DigitDataset) {
        name = dataset.name
        rows = dataset.count
        sha256 = dataset.sha256
        var rowCounts = [Int](repeating: 0, count: DigitDataset.classCount)
        var inkCounts = rowCounts
        for (bitmap, label) in zip(dataset.bitmaps, dataset.labels) {
            rowCounts[Int(label)] += 1
            inkCounts[Int(label)] += bitmap.inkCount
        }
        digits = rowCounts.indices.map { digit in
            Digit(
                digit: digit, rows: rowCounts[digit],
                meanInk: rowCounts[digit] == 0 ? nil : Double(inkCounts[digit]) / Double(rowCounts[digit]))
        }
    }

    func text(width: Int?) -> String {
        var table = TextTable([("digit", .right), ("rows", .right), ("mean ink", .right)])
        for row in digits { table.append(["\(row.digit)", "\(row.rows)", row.meanInk?.decimals(1) ?? "-"]) }
        return "\(name.printable): \(rows) rows\nSHA-256 \(sha256)\n\n" + table.text(width: width)
    }
}
