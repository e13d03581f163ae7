import Digits

/// Folds as the command line names them: how many, or a file that says the fold of every row.
enum FoldSource {
    /// - Throws: `DigitsError` for what does not fit the data set, `CommandFailure` for a file that cannot be read.
    static func read(_ source: String, dataset: DigitDataset, seed: UInt64) throws -> FoldAssignment {
        if let foldCount = Int(source) {
            return try FoldAssignment.stratified(labels: dataset.labels, foldCount: foldCount, seed: seed)
        }
        let bytes = try InputFile.read(source)
        do {
            return try FoldAssignment(json: bytes.span, rowCount: dataset.count)
        } catch {
            throw DigitsError.inFile(source, error)
        }
    }
}
