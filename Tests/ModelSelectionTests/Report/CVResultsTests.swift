import Classifiers
import Digits
import JSONText
import ModelSelection
import Testing

@Suite struct CVResultsTests {
    @Test("a line a candidate, with the columns of the report; null is empty")
    func lines() throws {
        let rows = SyntheticDigits.dataset(rowCount: 40, seed: 1)
        let space = try SearchSpace(entries: [
            SearchSpace.Entry(classifier: .gaussianNaiveBayes, grid: [:]),
            SearchSpace.Entry(classifier: .decisionTree, grid: ["criterion": [.text("gini")], "max_depth": [.null, .integer(3)]]),
        ])
        let search = try GridSearch(
            space: space, dataset: rows, folds: .stratified(labels: rows.labels, foldCount: 2, seed: 0), seed: 0)
        func trial(_ candidate: Int, _ fold: Int, _ accuracy: Double) -> Trial {
            let digits = search.folds.testRows(fold: fold).map { rows.labels[$0] }
            return Trial(
                candidate: candidate, fold: fold,
                outcome: .succeeded(Trial.Success(predictions: digits, accuracy: accuracy, fitSeconds: 0.5, scoreSeconds: 0.25)))
        }
        let trials = [trial(0, 0, 0.5), trial(0, 1, 1), trial(1, 0, 0.25), trial(2, 0, 1), trial(2, 1, 1)]
        let table = CVResults(SearchResult(search: search, trials: trials)).commaSeparated()
        #expect(table.hasSuffix("\r\n"))
        // The columns of other metrics stand between those of accuracy and the times.
        let lines = table.split(separator: "\r\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        #expect(
            lines.map { ($0.prefix(8) + $0.suffix(4)).joined(separator: ",") } == [
                "rank_test_score,classifier,param_criterion,param_max_depth,mean_test_score,std_test_score,split0_test_score,"
                    + "split1_test_score,mean_fit_time,std_fit_time,mean_score_time,std_score_time",
                "2,gaussian-naive-bayes,,,0.75,0.25,0.5,1.0,0.5,0.0,0.25,0.0",
                ",decision-tree,gini,,,,0.25,,,,,",
                "1,decision-tree,gini,3,1.0,0.0,1.0,1.0,0.5,0.0,0.25,0.0",
            ])
        #expect(lines.allSatisfy { $0.count == 8 + 4 * FoldMetric.allCases.count })
    }

    @Test("the columns of folds come in the order of their numbers, past ten folds too, in JSON and in comma-separated values")
    func foldOrder() throws {
        let rows = SyntheticDigits.dataset(rowCount: 240, seed: 1)
        let space = try SearchSpace(entries: [SearchSpace.Entry(classifier: .gaussianNaiveBayes, grid: [:])])
        let search = try GridSearch(
            space: space, dataset: rows, folds: .stratified(labels: rows.labels, foldCount: 12, seed: 0), seed: 0)
        let results = CVResults(SearchResult(search: search, trials: []))
        func splits(_ names: [Substring]) -> [String] {
            names.filter { $0.hasPrefix("split") && $0.hasSuffix("_test_score") }.map(String.init)
        }
        let expected = (0..<12).map { "split\($0)_test_score" }
        #expect(splits(results.commaSeparated().prefix { $0 != "\r\n" }.split(separator: ",")) == expected)
        for layout in [JSONWriter.Layout.compact, .indented] {
            #expect(splits(try JSONWriter.text(of: results, layout).split(separator: "\"")) == expected)
        }
    }
}
