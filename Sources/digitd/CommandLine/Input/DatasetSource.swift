import Digits

/// A data set as the command line names it: a file, or `synthetic`.
enum DatasetSource {
    static let help =
        "Semeion's text, CSV, packed binary, or MNIST's IDX pictures with the labels beside them; or 'synthetic' or 'synthetic:ROWS'; '-' is standard input"

    private static let syntheticName = "synthetic"
    /// As many rows as Semeion has.
    private static let syntheticRowCount = 1593

    /// - Throws: `DigitsError.inFile` for a file that is not a data set; `CommandFailure` for a number of rows that is none.
    static func read(_ source: String) throws -> DigitDataset {
        if source == InputFile.standardInput { return try standardInput() }
        guard let rowCount = try syntheticRowCount(source) else { return try DigitDataset(contentsOfFile: source) }
        return SyntheticDigits.dataset(rowCount: rowCount, seed: 0)
    }

    private static func standardInput() throws -> DigitDataset {
        let bytes = try InputFile.read(InputFile.standardInput)
        do {
            return try DigitDataset(name: "standard-input", fileBytes: bytes.span)
        } catch {
            throw DigitsError.inFile(InputFile.title(of: InputFile.standardInput), error)
        }
    }

    private static func syntheticRowCount(_ source: String) throws(CommandFailure) -> Int? {
        if source == syntheticName { return syntheticRowCount }
        guard source.hasPrefix(syntheticName + ":") else { return nil }
        let text = source.dropFirst(syntheticName.count + 1)
        guard let rowCount = Int(text), rowCount >= 1 else {
            throw CommandFailure("\(source): expected a number of rows after the colon, found '\(text)'", status: .usage)
        }
        return rowCount
    }
}
