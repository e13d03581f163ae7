import Classifiers
import Digits

/// The best candidate of each classifier, cross-validated again on folds of consecutive rows.
///
/// Where rows come in the order of their writers, as Semeion's do, this estimates the accuracy on people not seen in training.
public struct BlocksReport: Codable, Sendable {
    public let folds: SearchReport.Folds
    /// The same candidates as in the report itself, best first on these folds. `index` is the row of `cv_results`.
    public let best: [SearchReport.Best]

    /// The search of these candidates on as many blocks of consecutive rows as `result` has folds, with the same seed.
    ///
    /// - Throws: `DigitsError.tooFewRows`.
    public static func search(of result: SearchResult) throws -> GridSearch {
        let search = result.search
        return try GridSearch(
            space: SearchSpace(rows: result.bestOfEachClassifier.map { search.space.rows[$0.candidate] }), dataset: search.dataset,
            folds: .blocks(rowCount: search.dataset.count, foldCount: search.folds.foldCount), seed: search.seed)
    }

    /// - Parameters:
    ///   - blocks: what came of `search(of: result)`.
    public init(_ blocks: SearchResult, of result: SearchResult) {
        let rows = result.bestOfEachClassifier.map(\.candidate)
        folds = SearchReport.Folds(blocks.search.folds, kind: .blocks)
        best = blocks.bestOfEachClassifier.map { SearchReport.Best($0, in: blocks.search, index: rows[$0.candidate]) }
    }
}
