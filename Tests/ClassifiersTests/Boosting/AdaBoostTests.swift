import Digits
import Foundation
import Testing

@testable import Classifiers

struct AdaBoostTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 500, seed: 61)
    private static let unseen = SyntheticDigits.dataset(rowCount: 200, seed: 62)
    private static let allRows = Array(0..<digits.count)

    private func fit(_ parameters: AdaBoostParameters, seed: UInt64 = 6) throws -> AdaBoostModel {
        try parameters.fit(AdaBoostTests.digits, rows: AdaBoostTests.allRows, seed: seed)
    }

    @Test("the digit is that of most votes, the probabilities are the softmax of the decision function", arguments: [1, 2, 90])
    func predictions(stumpCount: Int) throws {
        let model = try fit(AdaBoostParameters(stumpCount: stumpCount))
        #expect(model.trainingReport.measures["stump_count"] == Double(stumpCount))
        for bitmap in AdaBoostTests.unseen.bitmaps {
            // Sums of multiples of 2^-40 are exact.
            let votes = NaiveBoosting.votes(model.stumps, bitmap)
            let most = try #require(votes.max())
            let digit = try UInt8(#require(votes.firstIndex(of: most)))
            #expect(model.digit(for: bitmap) == digit)
            let prediction = model.prediction(for: bitmap)
            #expect(prediction.digit == digit)
            #expect(prediction.probabilities == model.scores(for: bitmap))
            #expect(prediction.confidence == prediction.probabilities.values.max())
            let expected = NaiveBoosting.probabilities(model.stumps, bitmap, classes: model.classes)
            for digit in 0..<10 { #expect(abs(prediction.probabilities[digit] - expected[digit]) < 1e-12) }
            #expect(abs(prediction.probabilities.sum - 1) < 1e-12)
        }
    }

    @Test("fewer stumps are the first of more, and the seed decides nothing")
    func prefixes() throws {
        let stumps = try fit(AdaBoostParameters(stumpCount: 60, learningRate: 0.5), seed: 1).stumps
        for count in [1, 17, 59] {
            #expect(try fit(AdaBoostParameters(stumpCount: count, learningRate: 0.5), seed: 2).stumps == Array(stumps.prefix(count)))
        }
    }

    @Test("models of several sizes evaluated together predict as each one fitted alone", arguments: [0.01, 1, 2])
    func sharing(learningRate: Double) {
        let group = [20, 1, 150, 75, 20, 3].map { AdaBoostParameters(stumpCount: $0, learningRate: learningRate) }
        #expect(Set(group.map(\.sharingKey)).count == 1)
        let split = TrainTestSplit(trainingRows: Array(0..<350), testRows: Array(350..<500), seed: 5)
        SeparateFits.expectEqual(toSharedEvaluationOf: group, on: AdaBoostTests.digits, split: split)
    }

    @Test("candidates share where nothing but the number of stumps differs")
    func sharingKeys() {
        #expect(AdaBoostParameters(stumpCount: 10).sharingKey == AdaBoostParameters(stumpCount: 500).sharingKey)
        #expect(AdaBoostParameters(learningRate: 0.3).sharingKey != AdaBoostParameters(learningRate: 1).sharingKey)
    }

    /// Two classes that differ in pixel 40 where `distinct`, and are equal otherwise.
    private static func rows(distinct: Bool) throws -> DigitDataset {
        var marked = Bitmap.blank
        marked[40] = true
        return try DigitDataset(
            name: "by hand", bitmaps: [marked, marked, distinct ? .blank : marked, distinct ? .blank : marked], labels: [7, 7, 4, 4])
    }

    @Test("a stump that is never wrong ends the boosting, in every candidate that wants more")
    func perfectStump() throws {
        let dataset = try AdaBoostTests.rows(distinct: true)
        let model = try AdaBoostParameters().fit(dataset, rows: [0, 1, 2, 3], seed: 0)
        #expect(model.stumps == [Stump(pixel: 40, unsetDigit: 4, setDigit: 7, weight: 1)])
        #expect(model.digit(for: dataset.bitmaps[0]) == 7)
        // The softmax of 1 and -1.
        #expect(abs(model.scores(for: .blank)[4] - 1 / (1 + exp(-2))) < 1e-15)
        let split = TrainTestSplit(trainingRows: [0, 1, 2, 3], testRows: [0, 2], seed: 0)
        let outcomes = AdaBoostParameters.evaluate(
            [AdaBoostParameters(stumpCount: 30), AdaBoostParameters(stumpCount: 1)], in: EvaluationContext(dataset: dataset), split: split)
        for outcome in outcomes { #expect(try outcome.predictions.get().digits == [7, 4]) }
    }

    @Test("where no pixel varies, the most frequent digit is answered", arguments: [(50, 1.0), (1, 1), (20, 0.3)])
    func equalBitmaps(stumpCount: Int, learningRate: Double) throws {
        let dataset = try DigitDataset(
            name: "by hand", bitmaps: [Bitmap](repeating: .blank, count: 6), labels: [2, 3, 3, 3, 5, 5])
        let parameters = AdaBoostParameters(stumpCount: stumpCount, learningRate: learningRate)
        let model = try parameters.fit(dataset, rows: Array(0..<6), seed: 0)
        #expect(model.prediction(for: .blank).digit == 3)
        #expect(try ModelJSON(model).model().prediction(for: .blank) == model.prediction(for: .blank))
        let split = TrainTestSplit(trainingRows: Array(0..<6), testRows: [0, 1], seed: 0)
        SeparateFits.expectEqual(toSharedEvaluationOf: [parameters], on: dataset, split: split)
    }

    @Test("where no stump is better than a guess, the lowest digit is answered, as probable as the others")
    func noStump() throws {
        let model = try AdaBoostParameters().fit(AdaBoostTests.rows(distinct: false), rows: [0, 1, 2, 3], seed: 0)
        #expect(model.stumps.isEmpty)
        #expect(model.prediction(for: .blank).digit == 4)
        #expect(model.scores(for: .blank)[4] == 0.5)
        #expect(model.scores(for: .blank)[7] == 0.5)
    }

    @Test("a row that is given twice weighs twice")
    func repeatedRows() throws {
        let rows = AdaBoostTests.allRows.flatMap { $0 < 100 ? [$0, $0] : [$0] }
        let model = try AdaBoostParameters(stumpCount: 10).fit(AdaBoostTests.digits, rows: rows, seed: 0)
        let expected = NaiveBoosting.stumps(NaiveBoosting.Rows(AdaBoostTests.digits, rows: rows), count: 10, learningRate: 1)
        #expect(model.stumps == expected)
        #expect(try fit(AdaBoostParameters(stumpCount: 10)).stumps != expected)
    }
}
