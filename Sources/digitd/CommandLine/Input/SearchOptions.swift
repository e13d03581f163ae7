import ArgumentParser
import DigitAPI
import Digits
import ModelSelection

/// What every command that searches asks for.
struct SearchOptions: ParsableArguments {
    @Option(help: "The data set: \(DatasetSource.help).", completion: .file())
    var data: String

    @Option(
        parsing: .unconditional, help: "A number of folds, 2 or more, or a JSON file with the fold of every row; '-' is standard input.",
        completion: .file())
    var folds = "10"

    @Option(
        help: """
            How rows come together in a number of folds: stratified (drawn with the seed, every digit shared out evenly) or blocks \
            (consecutive rows: data in the order of writers are measured on writers not seen in training). Default: stratified.
            """)
    var folding: Folding?

    @Flag(
        help: """
            Take stratified folds although a digit has fewer rows than there are folds: some folds are then measured without it, and a \
            warning says which digits.
            """)
    var allowSmallClasses = false

    @Option(parsing: .unconditional, help: "Decides everything that is random, 0 or more.")
    var seed: UInt64 = 0

    @Option(parsing: .unconditional, help: "Jobs that run side by side. Default: one a processor.")
    var jobs: Int?

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs is \(jobs); expected 1 or more") }
    }

    var jobCount: Int { jobs ?? Processors.count }

    /// The search that these options and a grid make, and how its folds came about.
    ///
    /// - Parameter grid: a grid file; the preset where there is none.
    func search(grid: String?, preset: SearchPreset) throws -> (search: GridSearch, folding: SearchReport.Folds.Kind) {
        let dataset = try DatasetSource.read(data)
        let space = try grid.map(GridSource.read) ?? preset.space()
        let (folds, kind) = try foldAssignment(of: dataset)
        return (try GridSearch(space: space, dataset: dataset, folds: folds, seed: seed), kind)
    }

    /// The folds that these options make of a data set, and how they came about. Says which digits are too few for them, where that is
    /// allowed.
    func foldAssignment(of dataset: DigitDataset) throws -> (folds: FoldAssignment, kind: SearchReport.Folds.Kind) {
        let (folds, kind) = try FoldSource.read(
            folds, folding: folding, allowsSmallClasses: allowSmallClasses, dataset: dataset, seed: seed)
        if allowSmallClasses {
            Narration.standardError.write(SearchOptions.smallClassWarnings(labels: dataset.labels, foldCount: folds.foldCount))
        }
        return (folds, kind)
    }

    /// A line for each digit with fewer rows than folds.
    static func smallClassWarnings(labels: [UInt8], foldCount: Int) -> String {
        Set(labels).sorted().map { digit in
            let rowCount = labels.count { $0 == digit }
            guard rowCount < foldCount else { return "" }
            let rows = "\(rowCount) row\(rowCount == 1 ? "" : "s")"
            return "digitd: warning: digit \(digit) has \(rows), fewer than \(foldCount) folds: some are measured without it\n"
        }.joined()
    }

    /// What is about to be done, in a line.
    func summary(of search: GridSearch) -> String {
        "\(search.dataset.name.printable): \(search.dataset.count) rows; \(search.space.rows.count) candidates x \(search.folds.foldCount) folds, "
            + "\(jobCount) job\(jobCount == 1 ? "" : "s"), seed \(search.seed)\n"
    }
}
