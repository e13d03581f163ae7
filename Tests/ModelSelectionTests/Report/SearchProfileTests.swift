import Classifiers
import Digits
import Foundation
import Testing

@testable import ModelSelection

struct SearchProfileTests {
    private func unit(_ classifier: ClassifierName, seconds: Double, hasSuccessor: Bool = true) -> FinishedUnit {
        let success = Trial.Success(predictions: [1], accuracy: 1, fitSeconds: seconds * 0.75, scoreSeconds: seconds * 0.25)
        return FinishedUnit(
            classifier: classifier, trials: [Trial(candidate: 0, fold: 0, outcome: .succeeded(success))], seconds: seconds, cost: 1,
            hasSuccessor: hasSuccessor)
    }

    private func timing(_ units: [FinishedUnit]) -> SearchTiming {
        var timing = SearchTiming()
        for unit in units { timing.record(unit) }
        timing.finish()
        return timing
    }

    @Test("seconds are summed by classifier, fitting and predicting apart")
    func sums() {
        let timing = timing([unit(.svm, seconds: 1), unit(.randomForest, seconds: 4), unit(.svm, seconds: 3)])
        #expect(timing.work.map(\.classifier) == [.svm, .randomForest])
        #expect(timing.work.map(\.busySeconds) == [4, 4])
        #expect(timing.work.map(\.fitSeconds) == [3, 3])
        #expect(timing.work.map(\.scoreSeconds) == [1, 1])
        #expect(timing.busySeconds == 8)
        #expect(timing.idleTailSeconds == 0)
    }

    @Test("the idle tail begins when the first job finds no unit left")
    func idleTail() {
        let timing = timing([
            unit(.svm, seconds: 1), unit(.svm, seconds: 1, hasSuccessor: false), unit(.svm, seconds: 1, hasSuccessor: false),
        ])
        #expect(timing.idleTailSeconds > 0)
        #expect(timing.idleTailSeconds <= timing.wallSeconds)
    }

    @Test("shares add up to one, and speed-up is the one job's time over the several jobs'")
    func shares() throws {
        let dataset = SyntheticDigits.dataset(rowCount: 40, seed: 0)
        let search = try GridSearch(
            space: SearchSpace(yaml: "search: [{classifier: svm}, {classifier: random-forest}]"), dataset: dataset,
            folds: .blocks(rowCount: 40, foldCount: 2), seed: 0)
        let parts = try search.searchesOfEachClassifier()
        func measurement(_ search: GridSearch, _ units: [FinishedUnit]) -> SearchProfile.Measurement {
            SearchProfile.Measurement(search: search, oneJob: timing(units), severalJobs: timing([]))
        }
        let svm = measurement(parts[0], [unit(.svm, seconds: 1)])
        let forest = measurement(parts[1], [unit(.randomForest, seconds: 3)])
        let whole = measurement(search, [unit(.svm, seconds: 1.5), unit(.randomForest, seconds: 3.5)])
        let profile = SearchProfile(whole: whole, parts: [svm, forest], jobCount: 2)
        #expect(profile.classifiers.map(\.classifier) == [.svm, .randomForest])
        #expect(profile.classifiers.map(\.line.share) == [0.25, 0.75])
        #expect(profile.total.share == 1)
        #expect(profile.total.candidates == 2)
        #expect(profile.total.speedUp == whole.oneJob.wallSeconds / whole.severalJobs.wallSeconds)
        #expect(profile.total.efficiency == profile.total.speedUp / 2)
        let again = try JSONDecoder().decode(SearchProfile.self, from: JSONEncoder().encode(profile))
        #expect(again.classifiers.map(\.line.fitSeconds) == [0.75, 2.25])
    }
}
