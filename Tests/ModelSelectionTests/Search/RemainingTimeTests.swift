import Classifiers
import Testing

@testable import ModelSelection

struct RemainingTimeTests {
    private func unit(_ classifier: ClassifierName, cost: Double, seconds: Double) -> FinishedUnit {
        FinishedUnit(classifier: classifier, trials: [], seconds: seconds, cost: cost, hasSuccessor: true)
    }

    @Test("the time left is the cost left at the speed of each classifier, over the jobs, whatever the count of units")
    func speeds() throws {
        var remaining = RemainingTime(
            units: [(.randomForest, 100), (.randomForest, 100), (.svm, 10), (.svm, 10), (.svm, 10)], jobCount: 2)
        // Of SVMs nothing is known yet: they are taken to be as fast as forests, half a second a hundred.
        #expect(remaining.secondsLeft(after: unit(.randomForest, cost: 100, seconds: 0.5)) == (0.5 + 0.15) / 2)
        // An SVM takes a second: two more do, and the forest.
        #expect(remaining.secondsLeft(after: unit(.svm, cost: 10, seconds: 1)) == (0.5 + 2) / 2)
        #expect(remaining.secondsLeft(after: unit(.randomForest, cost: 100, seconds: 0.5)) == 1)
    }

    @Test("units without a cost say nothing of the time")
    func unknown() {
        var remaining = RemainingTime(units: [(.svm, 0)], jobCount: 1)
        #expect(remaining.secondsLeft(after: unit(.svm, cost: 0, seconds: 1)) == nil)
    }
}
