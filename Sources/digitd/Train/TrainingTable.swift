import Classifiers
import ModelSelection

/// The best candidates of a search as the terminal shows them.
enum TrainingTable {
    /// Candidates shown of each classifier.
    private static let shownCount = 5

    static func text(of result: SearchResult, width: Int?) -> String {
        var table = TextTable([
            ("classifier", .left), ("parameters", .left), ("accuracy", .right), ("std", .right), ("fit", .right),
        ])
        for classifier in result.classifiers {
            for candidate in ranked(result, classifier).prefix(shownCount) {
                let row = result.search.space.rows[candidate.candidate]
                table.append([
                    classifier.rawValue, row.params.description, candidate.meanAccuracy?.percent ?? "failed",
                    candidate.standardDeviation?.percent ?? "", meanFitTime(of: candidate),
                ])
            }
        }
        return table.text(width: width)
    }

    /// As the search ranks: best first, its winner on top, failures last.
    private static func ranked(_ result: SearchResult, _ classifier: ClassifierName) -> [CandidateResult] {
        result.candidates
            .filter { result.search.space.rows[$0.candidate].candidate.classifier == classifier }
            .sorted(by: result.isBetter)
    }

    private static func meanFitTime(of candidate: CandidateResult) -> String {
        candidate.meanFitSeconds.map { ($0 * 1000).decimals(1) + " ms" } ?? ""
    }
}
