import ArgumentParser
import Digits
import Files
import ModelSelection

/// What a search can leave beside its report.
struct SearchOutputs: ParsableArguments {
    @Option(
        help: "Where the folds go (JSON), the fold of every row, as --folds reads them.", completion: .file())
    var writeFolds: String?

    @Option(
        help: """
            Where out-of-fold predictions go (CSV): for every row its label, its fold, and what the best candidate of each classifier \
            answered when it was trained without the row's fold.
            """, completion: .file())
    var writePredictions: String?

    private var files: [OutputFile] { [writeFolds, writePredictions].compactMap { $0.map(OutputFile.init) } }

    /// Before hours of work, not after.
    ///
    /// - Parameter report: where the search's report goes.
    /// - Throws: `CommandFailure` where two of them are standard output, and as `OutputFile.requireWritable`.
    func requireWritable(beside report: OutputFile) throws {
        if (files + [report]).count(where: \.isStandardOutput) > 1 {
            throw CommandFailure("one of --report, --write-folds and --write-predictions can be standard output", status: .usage)
        }
        for file in files { try file.requireWritable() }
    }

    /// Where the command talks: standard output carries one of the files, or nothing.
    func narration(beside report: OutputFile) -> Narration {
        (files + [report]).contains(where: \.isStandardOutput) ? .standardError : .standardOutput
    }

    /// - Parameter narration: where the command talks.
    func write(_ result: SearchResult, narration: Narration) throws(FileError) {
        if let writeFolds { try OutputFile(writeFolds).write(result.search.folds.json, saidTo: narration) }
        if let writePredictions {
            let predictions = Array(OutOfFoldPredictions(result).commaSeparated().utf8)
            try OutputFile(writePredictions).write(predictions, saidTo: narration)
        }
    }
}
