import Classifiers
import Digits
import Foundation
import JSONText
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

    /// Three candidates on three folds of 10, 10 and 10 rows, with these right answers.
    private func result(rightCounts: [[Int]], yaml: String) throws -> (SearchResult, trials: [Trial]) {
        let dataset = try DigitDataset(
            name: "thirty", bitmaps: [Bitmap](repeating: .blank, count: 30), labels: (0..<30).map { UInt8($0 % 2) })
        let search = try GridSearch(
            space: SearchSpace(yaml: yaml), dataset: dataset, folds: FoldAssignment(foldOfRow: (0..<30).map { $0 / 10 }), seed: 9)
        let trials = rightCounts.enumerated().flatMap { candidate, counts in
            counts.enumerated().map { fold, count in
                Trial(
                    candidate: candidate, fold: fold,
                    outcome: .succeeded(
                        Trial.Success(
                            predictions: [UInt8](repeating: 0, count: 10), accuracy: Double(count) / 10, fitSeconds: 0.5, scoreSeconds: 0.25
                        )))
            }
        }
        return (SearchResult(search: search, trials: trials), trials)
    }

    @Test("as many right answers are equally good, however the sum of quotients is rounded; leader and halving agree with the report")
    func tiesOfCounts() throws {
        // In doubles the means are 0.19999999999999998 for the first, 0.20000000000000004 for the second.
        let (result, trials) = try result(
            rightCounts: [[2, 3, 1], [1, 2, 3], [1, 3, 2]], yaml: "search: [{classifier: svm, grid: {C: [1, 10, 100]}}]")
        #expect(Set(result.candidates.map(\.meanAccuracy)).count > 1)
        #expect(result.ranks == [1, 1, 1])
        #expect(result.best()?.candidate == 0)
        #expect(SuccessiveHalving.kept(of: result) == [0])
        for trials in [trials, trials.reversed()] {
            var leader = SearchLeader(search: result.search)
            #expect(leader.leader(after: trials)?.row.params == result.search.space.rows[0].params)
        }
    }

    /// Seconds; a look through all folds for each would take many minutes.
    @Test(
        "leave-one-out of many rows is planned, followed and reported right, and without a look through all folds for each",
        .timeLimit(.minutes(3)))
    func leaveOneOut() throws {
        let rowCount = 400_000
        let few = SyntheticDigits.dataset(rowCount: 40, seed: 1)
        let rows = few.selecting(rows: (0..<rowCount).map { $0 % few.count }, name: "many")
        let space = try SearchSpace(entries: [SearchSpace.Entry(classifier: .gaussianNaiveBayes, grid: [:])])
        let search = try GridSearch(space: space, dataset: rows, folds: .leaveOneOut(rowCount: rowCount), seed: 1)
        // Every fourth row is answered wrongly.
        let trials = search.units(jobCount: 2).map { unit in
            let (isRight, truth) = (unit.fold % 4 != 0, rows.labels[unit.fold])
            let success = Trial.Success(
                predictions: [isRight ? truth : (truth + 1) % 10], accuracy: isRight ? 1 : 0, fitSeconds: 0, scoreSeconds: 0)
            return Trial(candidate: 0, fold: unit.fold, outcome: .succeeded(success))
        }
        var leader = SearchLeader(search: search)
        #expect(trials.compactMap { leader.leader(after: [$0])?.meanAccuracy } == [0.75])
        let report = SearchReport(SearchResult(search: search, trials: trials), folding: .leaveOneOut, jobCount: 2, wallSeconds: 1)
        #expect(report.folds.testRows == [Int](repeating: 1, count: rowCount))
        #expect(report.cvResults.splitTestScore.count == rowCount)
        #expect(report.cvResults.splitTestScore.prefix(5).map { $0[0] } == [0, 1, 1, 1, 0])
        #expect(report.best.first?.outOfFold?.correct == rowCount / 4 * 3)
    }

    @Test("ranks start at 1 and equal means share the better rank, as in scikit-learn")
    func ranks() throws {
        #expect(try result([[1, 0.5], [0.5, 1], [0.5, 0.5]], yaml: SearchReportTests.forests).ranks == [1, 1, 3])
    }

    @Test("the report is a table of scikit-learn's columns with the population's standard deviation")
    func columns() throws {
        let result = try result([[1, 0.5], [0.5, 0.5], [0, 0.5]], yaml: SearchReportTests.forests)
        let bytes = try JSONEncoder().encode(SearchReport(result, folding: .file, jobCount: 2, wallSeconds: 3))
        let report = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        let columns = try #require(report["cv_results"] as? [String: [Any]])
        let ofMetrics = FoldMetric.allCases.flatMap { metric in
            ["mean", "std", "split0", "split1"].map { "\($0)_test_\(metric.rawValue)" }
        }
        #expect(
            Set(columns.keys)
                == Set(
                    ofMetrics + [
                        "classifier", "params", "param_n_estimators", "rank_test_score", "mean_fit_time", "std_fit_time", "mean_score_time",
                        "std_score_time",
                    ]))
        #expect(Set(ofMetrics).isSuperset(of: ["mean_test_score", "std_test_score", "split0_test_score", "split1_test_score"]))
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
            try result([[1, 0.5], [0.25, 1], [0, 0.5]], yaml: SearchReportTests.forests), folding: .blocks, jobCount: 2,
            wallSeconds: 0.1)
        let bytes = try encoder.encode(report)
        #expect(try encoder.encode(JSONDecoder().decode(SearchReport.self, from: bytes)) == bytes)
    }

    @Test("trials that have not run are null, unranked, and leave the report incomplete")
    func partial() throws {
        let whole = try result([[1, 0.5], [0.5, 0.5], [0, 0.5]], yaml: SearchReportTests.forests)
        let trials = whole.candidates.flatMap { $0.trials.compactMap { $0 } }.filter { $0.candidate != 1 || $0.fold == 0 }
        let report = SearchReport(SearchResult(search: whole.search, trials: trials), folding: .file, jobCount: 1, wallSeconds: 1)
        #expect(!report.complete)
        #expect(report.cvResults.meanTestScore == [0.75, nil, 0.25])
        #expect(report.cvResults.rankTestScore == [1, nil, 2])
        #expect(report.cvResults.splitTestScore == [[1, 0.5, 0], [0.5, nil, 0.5]])
        #expect(report.errors.isEmpty)
    }

    /// The best forest and the best SVM on six rows in two folds; the forest answers `forest`, the SVM `svm`.
    private func twoClassifiers(forest: [UInt8], svm: [UInt8]) throws -> SearchResult {
        let dataset = try DigitDataset(
            name: "six", bitmaps: [Bitmap](repeating: .blank, count: 6), labels: [0, 1, 2, 0, 1, 2])
        let yaml = "search: [{classifier: random-forest, grid: {n_estimators: 5}}, {classifier: svm, grid: {C: 1}}]"
        let search = try GridSearch(
            space: SearchSpace(yaml: yaml), dataset: dataset, folds: FoldAssignment(foldOfRow: [0, 1, 0, 1, 0, 1]), seed: 9)
        let trials = [forest, svm].enumerated().flatMap { candidate, answers in
            (0..<2).map { fold in
                let rows = search.folds.testRows(fold: fold)
                let correctCount = rows.count { answers[$0] == dataset.labels[$0] }
                return Trial(
                    candidate: candidate, fold: fold,
                    outcome: .succeeded(
                        Trial.Success(
                            predictions: rows.map { answers[$0] }, accuracy: Double(correctCount) / 3, fitSeconds: 0.5, scoreSeconds: 0.25))
                )
            }
        }
        return SearchResult(search: search, trials: trials)
    }

    @Test("the best of each classifier has its out-of-fold answers judged, each row by the model of its fold")
    func outOfFold() throws {
        let result = try twoClassifiers(forest: [0, 1, 1, 2, 0, 0], svm: [0, 1, 2, 0, 1, 0])
        let report = SearchReport(result, folding: .file, jobCount: 1, wallSeconds: 1)
        #expect(report.best.map(\.classifier) == [.svm, .randomForest])
        let svm = try #require(report.best[0].outOfFold)
        #expect(svm.rows == 6)
        #expect(svm.correct == 5)
        #expect(svm.accuracy == 5.0 / 6)
        #expect(svm.confusionMatrix[2].prefix(3) == [1, 0, 1])
        #expect(svm.confusionMatrix[0].prefix(3) == [2, 0, 0])
        #expect(svm.digits[0].precision == 2.0 / 3)
        #expect(svm.digits[2].recall == 0.5)
        #expect(svm.digits[9].f1 == nil)
        let interval = try #require(WilsonInterval(correctCount: 5, total: 6))
        #expect(svm.wilson95 == [interval.lower, interval.upper])
    }

    @Test("the two best classifiers are compared on the rows that one of them alone answers correctly")
    func comparison() throws {
        let result = try twoClassifiers(forest: [0, 1, 1, 2, 0, 2], svm: [0, 1, 2, 0, 1, 0])
        let comparison = try #require(SearchReport(result, folding: .file, jobCount: 1, wallSeconds: 1).comparison)
        #expect(comparison.first.classifier == .svm)
        #expect(comparison.first.index == 1)
        #expect(comparison.first.onlyThisCorrect == 3)
        #expect(comparison.second.classifier == .randomForest)
        #expect(comparison.second.index == 0)
        #expect(comparison.second.onlyThisCorrect == 1)
        // 2 (1 + 4) / 2^4
        #expect(comparison.pValue == 0.625)
        let alone = try self.result([[1, 0.5], [0.5, 0.5], [0, 0.5]], yaml: SearchReportTests.forests)
        #expect(SearchReport(alone, folding: .file, jobCount: 1, wallSeconds: 1).comparison == nil)
    }

    @Test("the best candidates are searched again on blocks of consecutive rows, under their own row of the table")
    func blocks() async throws {
        let dataset = SyntheticDigits.dataset(rowCount: 200, seed: 1)
        let search = try GridSearch(
            space: SearchSpace(
                yaml: "search: [{classifier: random-forest, grid: {n_estimators: [2, 20]}}, {classifier: svm, grid: {C: [1, 10]}}]"),
            dataset: dataset, folds: .stratified(labels: dataset.labels, foldCount: 4, seed: 0), seed: 2)
        let result = SearchResult(search: search, trials: try await search.run(jobCount: 1))
        let blocks = try BlocksReport.search(of: result)
        #expect(blocks.folds == (try FoldAssignment.blocks(rowCount: 200, foldCount: 4)))
        #expect(blocks.seed == 2)
        let report = BlocksReport(SearchResult(search: blocks, trials: try await blocks.run(jobCount: 1)), of: result)
        #expect(report.folds.kind == .blocks)
        #expect(report.best.count == 2)
        for best in report.best {
            #expect(search.space.rows[best.index].candidate.classifier == best.classifier)
            #expect(search.space.rows[best.index].params == best.params)
            #expect(best.outOfFold?.rows == 200)
        }
    }

    @Test("candidates that did not converge are named with the folds, also after a journal; where all did, nothing is said")
    func unconverged() async throws {
        let search = try GridSearch(
            space: SearchSpace(yaml: "search: [{classifier: logistic-regression, grid: {max_iter: [1, 100]}}]"),
            dataset: SyntheticDigits.dataset(rowCount: 60, seed: 3), folds: .blocks(rowCount: 60, foldCount: 3), seed: 0)
        let trials = try await search.run(jobCount: 2)
        let report = SearchReport(SearchResult(search: search, trials: trials), folding: .blocks, jobCount: 2, wallSeconds: 1)
        #expect(report.unconverged?.map(\.index) == [0])
        #expect(report.unconverged?.map(\.folds) == [[0, 1, 2]])
        #expect(try JSONWriter.line(of: report).contains(Array(#""unconverged":[{"folds":[0,1,2],"index":0}]"#.utf8)))

        let line = try JSONEncoder().encode(JournalUnit(trials))
        let read = try JournalUnit.trials(of: [JSONDecoder().decode(JournalUnit.self, from: line)], search: search, file: "journal")
        let again = SearchReport(SearchResult(search: search, trials: read), folding: .blocks, jobCount: 2, wallSeconds: 1)
        #expect(again.unconverged == report.unconverged)

        let converged = SearchResult(search: search, trials: trials.filter { $0.candidate == 1 })
        let without = SearchReport(converged, folding: .blocks, jobCount: 2, wallSeconds: 1)
        #expect(without.unconverged == nil)
        #expect(try !JSONWriter.line(of: without).contains(Array("unconverged".utf8)))
    }

    @Test("out-of-fold predictions have a line a row: its label, its fold, and the best of each classifier's answer")
    func outOfFoldPredictions() throws {
        // The second candidate is best; all answer 0 and 1 for the rows of each fold.
        let result = try result([[0.5, 0.5], [1, 1], [0.5, 0.5]], yaml: SearchReportTests.forests)
        #expect(
            OutOfFoldPredictions(result).commaSeparated()
                == "row,label,fold,random-forest\r\n0,0,0,0\r\n1,1,0,1\r\n2,0,1,0\r\n3,1,1,1\r\n")
        let failed = SearchResult(search: result.search, trials: [])
        #expect(OutOfFoldPredictions(failed).commaSeparated().hasPrefix("row,label,fold\r\n0,0,0\r\n"))
    }
}
