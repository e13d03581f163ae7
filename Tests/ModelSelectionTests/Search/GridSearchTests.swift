import Classifiers
import Digits
import Foundation
import ModelSelection
import Testing

struct GridSearchTests {
    private static let dataset: DigitDataset = SyntheticDigits.dataset(rowCount: 240, seed: 5)

    private func search(yaml: String) throws -> GridSearch {
        let dataset = GridSearchTests.dataset
        return try GridSearch(
            space: SearchSpace(yaml: yaml), dataset: dataset,
            folds: FoldAssignment.stratified(labels: dataset.labels, foldCount: 4, seed: 0), seed: 3)
    }

    private static let mixed = """
        search:
          - classifier: svm
            grid: {C: [0.1, 10], gamma: [auto, 0.03], kernel: [rbf, linear]}
          - classifier: random-forest
            grid: {n_estimators: [3, 7], max_features: [sqrt, auto], max_depth: [null, 4]}
        """

    private func predictions(_ trials: [Trial]) -> [[UInt8]] {
        trials.map { trial in
            guard case .succeeded(let success) = trial.outcome else { return [] }
            return success.predictions
        }
    }

    @Test("the trials do not depend on the number of jobs")
    func jobs() async throws {
        let search = try search(yaml: GridSearchTests.mixed)
        let one = try await search.run(jobCount: 1)
        let three = try await search.run(jobCount: 3)
        #expect(one.count == 16 * 4)
        #expect(one.map(\.candidate) == three.map(\.candidate))
        #expect(predictions(one) == predictions(three))
    }

    @Test("more jobs than units split groups, and the trials stay the same")
    func manyJobs() async throws {
        let yaml = "search: [{classifier: svm, grid: {C: [0.1, 1, 10, 100], kernel: rbf}}]"
        let search = try search(yaml: yaml)
        var unitCount = 0
        let many = try await search.run(jobCount: 16) { _ in unitCount += 1 }
        #expect(unitCount == 16)
        #expect(predictions(many) == predictions(try await search.run(jobCount: 1)))
    }

    @Test("units are started in the order of their cost, longest first")
    func longestFirst() async throws {
        var costs: [Double] = []
        _ = try await search(yaml: GridSearchTests.mixed).run(jobCount: 1) { costs.append($0.cost) }
        #expect(costs == costs.sorted(by: >))
        #expect(Set(costs).count >= 2)
    }

    @Test("a search that goes on does the missing trials and no others")
    func goingOn() async throws {
        let search = try search(yaml: GridSearchTests.mixed)
        let whole = try await search.run(jobCount: 2)
        let earlier = whole.filter { ($0.candidate + $0.fold) % 3 != 0 }
        var done: [Trial] = []
        let again = try await search.run(jobCount: 2, finished: earlier) { done += $0.trials }
        #expect(done.count == whole.count - earlier.count)
        #expect(done.allSatisfy { ($0.candidate + $0.fold) % 3 == 0 })
        #expect(again.map(\.candidate) == whole.map(\.candidate))
        #expect(predictions(again) == predictions(whole))
    }

    @Test("what the receiver of finished units throws ends the search")
    func receiverThrows() async throws {
        let search = try search(yaml: GridSearchTests.mixed)
        let full = SearchError.journalUnwritable(file: "f", reason: "No space left on device")
        var callCount = 0
        await #expect(throws: full) {
            try await search.run(jobCount: 2) { _ throws(SearchError) in
                callCount += 1
                throw full
            }
        }
        #expect(callCount == 1)
    }

    @Test("each classifier's candidates are a search of their own, in the order of the whole")
    func searchesOfEachClassifier() throws {
        let yaml = """
            search:
              - {classifier: random-forest, grid: {n_estimators: 3}}
              - {classifier: svm, grid: {C: [1, 10]}}
              - {classifier: random-forest, grid: {n_estimators: 5}}
            """
        let parts = try search(yaml: yaml).searchesOfEachClassifier()
        #expect(parts.map { $0.space.rows.map(\.params.description) } == [["n_estimators=3", "n_estimators=5"], ["C=1", "C=10"]])
        #expect(parts.allSatisfy { $0.seed == 3 && $0.folds.foldCount == 4 })
    }

    @Test("candidates that share work get the predictions of being searched alone")
    func sharing() async throws {
        let shared = try search(yaml: GridSearchTests.mixed)
        let together = predictions(try await shared.run(jobCount: 2))
        for (index, row) in shared.space.rows.enumerated() {
            let grid = Dictionary(uniqueKeysWithValues: row.params.names.map { ($0, [row.params[$0] ?? .null]) })
            let alone = try GridSearch(
                space: SearchSpace(entries: [SearchSpace.Entry(classifier: row.candidate.classifier, grid: grid)]),
                dataset: shared.dataset, folds: shared.folds, seed: shared.seed)
            let trials = predictions(try await alone.run(jobCount: 1))
            #expect(trials == Array(together[index * 4..<(index + 1) * 4]), "\(row.params)")
        }
    }

    @Test("every finished trial is reported once, and the accuracy is the share of right predictions")
    func reporting() async throws {
        let search = try search(yaml: GridSearchTests.mixed)
        var reported: [Trial] = []
        let trials = try await search.run(jobCount: 2) { reported += $0.trials }
        #expect(Set(reported.map { [$0.candidate, $0.fold] }) == Set(trials.map { [$0.candidate, $0.fold] }))
        #expect(reported.count == search.trialCount)
        for trial in trials {
            guard case .succeeded(let success) = trial.outcome else {
                Issue.record("candidate \(trial.candidate) failed")
                continue
            }
            let truth = search.folds.testRows(fold: trial.fold).map { search.dataset.labels[$0] }
            let correctCount = zip(success.predictions, truth).count { $0 == $1 }
            #expect(success.accuracy == Double(correctCount) / Double(truth.count))
        }
    }

    @Test("folds of another number of rows are refused")
    func foldRowCount() throws {
        let folds = try FoldAssignment(foldOfRow: [0, 1, 0, 1])
        #expect(throws: SearchError.foldRowCount(found: 4, expected: 240)) {
            try GridSearch(space: SearchSpace(yaml: GridSearchTests.mixed), dataset: GridSearchTests.dataset, folds: folds, seed: 0)
        }
    }

    @Test("a cancelled search says so")
    func cancellation() async throws {
        let search = try search(yaml: GridSearchTests.mixed)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await search.run(jobCount: 2)
        }
        await #expect(throws: SearchError.cancelled) { try await task.value }
    }

    @Test("a candidate that cannot be trained is a recorded failure, and the others go on")
    func failure() async throws {
        // Fold 0 is trained on the rows of fold 1 alone, which show one digit.
        let dataset = try DigitDataset(
            name: "two", bitmaps: Array(GridSearchTests.dataset.bitmaps.prefix(8)), labels: [1, 1, 2, 2, 3, 3, 3, 3])
        let search = try GridSearch(
            space: SearchSpace(yaml: "search: [{classifier: svm, grid: {kernel: [linear, rbf]}}]"), dataset: dataset,
            folds: FoldAssignment(foldOfRow: [0, 0, 0, 0, 1, 1, 1, 1]), seed: 0)
        let result = SearchResult(search: search, trials: try await search.run(jobCount: 1))
        #expect(result.best() == nil)
        #expect(result.candidates[0].failureReason == "the training rows show 1 digit; at least 2 are needed")
        #expect(result.candidates[0].accuracies[0] == nil)
        #expect(result.candidates[0].accuracies[1] == 0)
        let report = SearchReport(result, folding: .file, jobCount: 1, wallSeconds: 1)
        #expect(report.complete)
        #expect(report.best.isEmpty)
        #expect(report.comparison == nil)
        #expect(report.cvResults.meanTestScore == [nil, nil])
        #expect(report.cvResults.rankTestScore == [nil, nil])
        #expect(report.errors.map(\.index) == [0, 1])
        #expect(report.errors.map(\.fold) == [0, 0])
    }
}
