import Classifiers
import Digits
import Foundation
import ModelSelection
import TestData
import Testing

@testable import digitd

struct StudyTableTests {
    /// A record of scikit-learn's run over the study's candidates.
    private struct Grid: Decodable {
        struct Result: Decodable {
            let classifier: String
            let foldAccuracy: [Double]

            enum CodingKeys: String, CodingKey {
                case classifier
                case foldAccuracy = "fold_accuracy"
            }

            var mean: Double { foldAccuracy.reduce(0, +) / Double(foldAccuracy.count) }
            var standardDeviation: Double {
                (foldAccuracy.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(foldAccuracy.count)).squareRoot()
            }
        }

        let results: [Result]
    }

    @Test("scikit-learn's figures are the best of each classifier in the record of its run")
    func scikit() throws {
        let grid = try JSONDecoder().decode(Grid.self, from: Data(TestData.fixture("reference/sklearn-grid.json")))
        let byClassifier = Dictionary(grouping: grid.results, by: \.classifier)
        #expect(Set(StudyReference.lines.map(\.classifier)) == Set(byClassifier.keys))
        for line in StudyReference.lines {
            let results = try #require(byClassifier[line.classifier])
            let mean = try #require(results.map(\.mean).max())
            #expect(abs(line.scikitAccuracy - mean) < 1e-6, "\(line.classifier)")
            let deviations = results.filter { $0.mean > mean - 1e-9 }.map(\.standardDeviation)
            #expect(deviations.contains { abs(line.scikitStandardDeviation - $0) < 1e-6 }, "\(line.classifier)")
        }
    }

    private func report(_ dataset: DigitDataset, blocks: Bool) async throws -> SearchReport {
        let search = try GridSearch(
            space: SearchSpace(yaml: "search: [{classifier: random-forest, grid: {n_estimators: 3}}, {classifier: svm, grid: {C: 1}}]"),
            dataset: dataset, folds: .blocks(rowCount: dataset.count, foldCount: 2), seed: 0)
        let result = SearchResult(search: search, trials: try await search.run(jobCount: 2))
        let again = try BlocksReport.search(of: result)
        let section = BlocksReport(SearchResult(search: again, trials: try await again.run(jobCount: 2)), of: result)
        return SearchReport(result, folding: .blocks, jobCount: 2, wallSeconds: 1, blocks: blocks ? section : nil)
    }

    /// The titles: single spaces are within them.
    private func columns(_ report: SearchReport) -> [String] {
        StudyTable.text(of: report, width: nil).prefix { $0 != "\n" }.components(separatedBy: "  ")
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    @Test("a data set of one's own gets digitd's column alone, in the order of the search")
    func own() async throws {
        let dataset: DigitDataset = SyntheticDigits.dataset(rowCount: 120, seed: 0)
        let report = try await report(dataset, blocks: false)
        #expect(columns(report) == ["classifier", "best parameters", "digitd"])
        let lines = StudyTable.text(of: report, width: nil).split(separator: "\n")
        #expect(lines[2].hasPrefix("random-forest  n_estimators=3 "))
        #expect(lines[3].hasPrefix("svm            C=1 "))
        #expect(lines[4].contains(" of 120 right out of fold, "))
        #expect(lines[5].contains("McNemar's exact test, two-sided: p = "))
        #expect(columns(try await self.report(dataset, blocks: true)).last == "on blocks of rows")
    }

    @Test(
        "Semeion gets the study's and scikit-learn's columns beside digitd's",
        .enabled(if: TestData.semeionIsAvailable, "needs Semeion: run scripts/fetch-semeion"))
    func semeion() async throws {
        let report = try await report(TestData.semeion(), blocks: false)
        #expect(
            columns(report) == ["classifier", "best parameters", "the study (2016)", "scikit-learn 1.9", "digitd"])
        let svm = StudyTable.text(of: report, width: nil).split(separator: "\n")[3]
        #expect(svm.contains(/svm +C=1 +95\.92 % +96\.11 ± 1\.19 % +\d\d\.\d\d ± \d\.\d\d %/))
    }
}
