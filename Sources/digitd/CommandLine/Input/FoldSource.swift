import ArgumentParser
import DigitAPI
import Digits
import Files
import ModelSelection

extension Folding: ExpressibleByArgument {}

/// Folds as the command line names them: how many, or a file that says the fold of every row.
enum FoldSource {
    /// - Parameter folding: stratified where nothing is said; a file says itself.
    /// - Throws: `DigitsError` for what does not fit the data set, `CommandFailure` for a file that cannot be read.
    static func read(
        _ source: String, folding: Folding?, allowsSmallClasses: Bool, dataset: DigitDataset, seed: UInt64
    ) throws -> (folds: FoldAssignment, kind: SearchReport.Folds.Kind) {
        if let foldCount = Int(source) {
            switch folding ?? .stratified {
            case .stratified:
                let folds = try FoldAssignment.stratified(
                    labels: dataset.labels, foldCount: foldCount, seed: seed, allowsSmallClasses: allowsSmallClasses)
                return (folds, .stratified)
            case .blocks:
                return (try .blocks(rowCount: dataset.count, foldCount: foldCount), .blocks)
            }
        }
        try requireNoFolding(folding, source)
        return (try file(source, rowCount: dataset.count), .file)
    }

    /// A file's folds.
    ///
    /// - Parameter rowCount: of the data set; nil where that is elsewhere.
    static func file(_ path: String, rowCount: Int?) throws -> FoldAssignment {
        let bytes = try InputFile.read(path)
        do {
            return try FoldAssignment(json: bytes.span, rowCount: rowCount)
        } catch {
            throw DigitsError.inFile(path, error)
        }
    }

    /// Folds that are spelled out cannot be made another way, too.
    static func requireNoFolding(_ folding: Folding?, _ source: String) throws(CommandFailure) {
        if folding == nil { return }
        throw CommandFailure("--folding goes with a number of folds; --folds is \(source)", status: .usage)
    }
}
