import ArgumentParser
import Digits

/// Draws digits in the terminal.
struct DatasetRenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Draw a digit, or a sheet of 100, in the terminal.",
        discussion: "Example:\n  digitd dataset render data/semeion.data --row 42")

    @Argument(help: "The data set: \(DatasetSource.help).", completion: .file())
    var data: String

    @Option(parsing: .unconditional, help: "The row to draw, from 0. Default: a sheet of 100.")
    var row: Int?

    @Option(parsing: .unconditional, help: "Digits beside each other on the sheet, 1 or more; on a terminal as many of them as fit.")
    var columns = 10

    func validate() throws {
        if columns < 1 { throw ValidationError("--columns is \(columns); expected 1 or more") }
    }

    func run() throws {
        let dataset = try DatasetSource.read(data)
        if let row {
            guard dataset.bitmaps.indices.contains(row) else {
                throw CommandFailure("--row is \(row); expected 0 to \(dataset.count - 1)", status: .usage)
            }
            StandardOutput.write("row \(row): \(dataset.labels[row])\n" + BitmapDrawing.text(of: [dataset.bitmaps[row]]))
            return
        }
        let fitting = BitmapDrawing.bitmapCount(fitting: StandardOutput.width)
        for line in DatasetRenderCommand.sheetRows(of: dataset).chunks(of: min(columns, fitting)) {
            StandardOutput.write(BitmapDrawing.text(of: line.map { dataset.bitmaps[$0] }) + "\n")
        }
    }

    /// A hundred rows spread evenly over the data set, by digit: all of them where there are no more.
    static func sheetRows(of dataset: DigitDataset) -> [Int] {
        let sheetCount = min(100, dataset.count)
        let byDigit = (0..<dataset.count).sorted { (dataset.labels[$0], $0) < (dataset.labels[$1], $1) }
        return (0..<sheetCount).map { byDigit[$0 * dataset.count / sheetCount] }
    }
}

extension Array {
    /// Runs of `size` elements, the last one shorter where they do not divide.
    fileprivate func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
