import Classifiers
import Digits
import Foundation
import ModelSelection
import Testing

struct SearchReportTests {
    /// Three candidates on two folds of four rows, with the accuracies given.
    private func result(_ accuracies: [[Double]], yaml: String) throws -> SearchResult {
        let dataset = try DigitDataset(
            name: "four", bitmaps: [Bitmap](repeating: .blank, count: 4), labels: [0, 1, 0, 1])
        let search = try GridSearch(
            space: SearchSpace(yaml: yaml), dataset: dataset, folds: FoldAssignment(foldOfRow: [0, 0, 1, 1]), seed: 9)
        let trials = accuracies.enumerated().flatMap { candidate, folds in
            folds.enumerated().map { fold, accuracy in
                Trial(
                    candidate: candidate, fold: fold,
                    outcome: .succeeded(Trial.Success(predictions: [0, 1], accuracy: accuracy, fitSeconds: 0.5, scoreSeconds: 0.25)))
            }
        }
        return SearchResult(search: search, trials: trials)
    }

    private static let forests = "search: [{classifier: random-forest, grid: {n_estimators: [30, 20, 10]}}]"

    @Test("the best is the highest mean; equal means go to the cheaper prediction")
    func tieToTheCheaper() throws {
        #expect(try result([[1, 0.5], [0.5, 1], [0.5, 0.5]], yaml: SearchReportTests.forests).best()?.candidate == 1)
        #expect(try result([[1, 0.5], [1, 1], [0.5, 0.5]], yaml: SearchReportTests.forests).best()?.candidate == 1)
    }

    @Test("equal means at equal cost go to the earlier candidate")
    func tieToTheEarlier() throws {
        let yaml = "search: [{classifier: svm, grid: {C: [1, 10, 100]}}]"
        #expect(try result([[0.5, 0.5], [1, 0.5], [0.5, 1]], yaml: yaml).best()?.candidate == 1)
    }

    @Test("ranks start at 1 and equal means share the better rank, as in scikit-learn")
    func ranks() throws {
        #expect(try result([[1, 0.5], [0.5, 1], [0.5, 0.5]], yaml: SearchReportTests.forests).ranks == [1, 1, 3])
    }

    @Test("the report is a table of scikit-learn's columns with the population's standard deviation")
    func columns() throws {
        let result = try result([[1, 0.5], [0.5, 0.5], [0, 0.5]], yaml: SearchReportTests.forests)
        let bytes = try JSONEncoder().encode(SearchReport(result, jobCount: 2, wallSeconds: 3))
        let report = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        let columns = try #require(report["cv_results"] as? [String: [Any]])
        #expect(
            Set(columns.keys) == [
                "classifier", "params", "param_n_estimators", "mean_test_score", "std_test_score", "rank_test_score",
                "mean_fit_time", "std_fit_time", "mean_score_time", "std_score_time", "split0_test_score", "split1_test_score",
            ])
        #expect(columns.values.allSatisfy { $0.count == 3 })
        #expect(columns["mean_test_score"] as? [Double] == [0.75, 0.5, 0.25])
        #expect(columns["std_test_score"] as? [Double] == [0.25, 0, 0.25])
        #expect(columns["split0_test_score"] as? [Double] == [1, 0.5, 0])
        #expect(columns["rank_test_score"] as? [Int] == [1, 2, 3])
        #expect(columns["param_n_estimators"] as? [Int] == [30, 20, 10])
        #expect(columns["mean_fit_time"] as? [Double] == [0.5, 0.5, 0.5])
        #expect(report["format"] as? String == "digitd-report")
        #expect(report["complete"] as? Bool == true)
        #expect(report["seed"] as? Int == 9)
    }

    @Test("a report read back is written the same again")
    func roundTrip() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let report = SearchReport(
            try result([[1, 0.5], [0.25, 1], [0, 0.5]], yaml: SearchReportTests.forests), jobCount: 2, wallSeconds: 0.1)
        let bytes = try encoder.encode(report)
        #expect(try encoder.encode(JSONDecoder().decode(SearchReport.self, from: bytes)) == bytes)
    }

    @Test("trials that have not run are null, unranked, and leave the report incomplete")
    func partial() throws {
        let whole = try result([[1, 0.5], [0.5, 0.5], [0, 0.5]], yaml: SearchReportTests.forests)
        let trials = whole.candidates.flatMap { $0.trials.compactMap { $0 } }.filter { $0.candidate != 1 || $0.fold == 0 }
        let report = SearchReport(SearchResult(search: whole.search, trials: trials), jobCount: 1, wallSeconds: 1)
        #expect(!report.complete)
        #expect(report.cvResults.meanTestScore == [0.75, nil, 0.25])
        #expect(report.cvResults.rankTestScore == [1, nil, 2])
        #expect(report.cvResults.splitTestScore == [[1, 0.5, 0], [0.5, nil, 0.5]])
        #expect(report.errors.isEmpty)
    }
}
