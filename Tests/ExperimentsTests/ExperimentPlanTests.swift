import Classifiers
import DigitAPI
import Digits
import ModelSelection
import Testing

@testable import Experiments

@Suite struct ExperimentPlanTests {
    private static let search =
        #""search":[{"classifier":"decision-tree","grid":{"max_depth":[1,2,3,4,5,6,7,8,9]}},{"classifier":"gaussian-naive-bayes"}]"#

    private func plan(_ more: String, rowCount: Int = 720) throws -> ExperimentPlan {
        let rows = SyntheticDigits.dataset(rowCount: rowCount, seed: 4)
        return try ExperimentPlan(StoreFixture.request("{\(ExperimentPlanTests.search)\(more)}"), dataset: rows)
    }

    @Test("a plan counts its candidates and trials, those of all rounds where it halves")
    func counts() throws {
        #expect(try plan("").candidateCount == 10)
        #expect(try plan("").trialCount == 100)
        #expect(try plan(#","folds":"leave-one-out""#).trialCount == 7_200)
        #expect(try plan(#","strategy":"random","candidates":4"#).candidateCount == 4)
        // 80, 240 and 720 rows; 9 + 1, 3 + 1 and 1 + 1 candidates; 4 folds.
        let halving = try plan(#","strategy":"halving","folds":4"#)
        #expect(halving.roundCount == 3)
        #expect(halving.trialCount == 4 * (10 + 4 + 2))
    }

    @Test("folds that do not fit the rows are refused, and rows of one digit")
    func unfit() throws {
        let few = #expect(throws: ExperimentRequestError.self) { try plan(#","folds":50"#, rowCount: 60) }
        #expect(few == .invalidFolds(.tooFewRows(digit: 0, found: 6, foldCount: 50)))
        let wrong = #expect(throws: ExperimentRequestError.self) { try plan(#","folds":[0,1]"#) }
        #expect(wrong == .invalidFolds(.foldRowCountMismatch(expected: 720, found: 2)))
        let rows = SyntheticDigits.dataset(rowCount: 100, seed: 4)
        let ones = rows.selecting(rows: rows.labels.indices.filter { rows.labels[$0] == 1 }, name: "ones")
        #expect(throws: ExperimentsError.tooFewClasses(dataset: "semeion")) {
            try ExperimentPlan(StoreFixture.request("{}"), dataset: ones)
        }
    }

    @Test("each round of halving keeps the best third of each classifier, on three times the rows, the earlier rows among them")
    func rounds() throws {
        let plan = try plan(#","strategy":"halving","folds":4,"seed":3"#)
        var result: RoundResult?
        var rows: [[Int]] = []
        var candidates: [[Int]] = []
        while let round = try plan.round(after: result) {
            rows.append(round.rows ?? Array(0..<720))
            candidates.append(round.candidates)
            #expect(round.search.dataset.count == rows.last?.count)
            #expect(round.search.folds.foldCount == 4)
            // Deeper trees are better; the fourth fold of the best tree fails, but not of all.
            let trials = round.search.units(jobCount: 1).flatMap { unit in
                unit.candidates.map { number -> Trial in
                    let answers = round.search.folds.testRows(fold: unit.fold).map { round.search.dataset.labels[$0] }
                    let correctCount = min(answers.count, round.candidates[number] + 1)
                    let given = answers.enumerated().map { $0 < correctCount ? $1 : ($1 + 1) % 10 }
                    return Trial(
                        candidate: number, fold: unit.fold,
                        outcome: .succeeded(
                            Trial.Success(
                                predictions: given, accuracy: Double(correctCount) / Double(answers.count), fitSeconds: 0, scoreSeconds: 0))
                    )
                }
            }
            result = RoundResult(round: round, trials: trials)
        }
        #expect(rows.map(\.count) == [80, 240, 720])
        #expect(Set(rows[0]).isSubset(of: rows[1]))
        #expect(candidates == [Array(0...9), [6, 7, 8, 9], [8, 9]])
        let labels = plan.search.dataset.labels
        for chosen in rows {
            let counts = (0..<10).map { digit in chosen.count { labels[$0] == digit } }
            #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 4, "\(counts)")
        }
        let last = try #require(result)
        #expect(Set(last.trialsOfWhole.map(\.candidate)) == [8, 9])
    }

    @Test("where candidates fail, the rounds behind have fewer trials; where all do, none")
    func trialCountWithFailures() throws {
        let plan = try plan(#","strategy":"halving","folds":4"#)
        let first = try #require(try plan.round(after: nil))
        #expect(plan.trialCount(earlier: [], next: first) == plan.trialCount)
        /// The first round, of which only these candidates are measured.
        func result(succeeded: Set<Int>) -> RoundResult {
            let trials = first.search.units(jobCount: 1).flatMap { unit in
                unit.candidates.map { number -> Trial in
                    let truth = first.search.folds.testRows(fold: unit.fold).map { first.search.dataset.labels[$0] }
                    return Trial(
                        candidate: number, fold: unit.fold,
                        outcome: succeeded.contains(number)
                            ? .succeeded(Trial.Success(predictions: truth, accuracy: 1, fitSeconds: 0, scoreSeconds: 0))
                            : .failed(reason: "killed"))
                }
            }
            return RoundResult(round: first, trials: trials)
        }
        // Of nine trees two are left and go on, where three would have; naive Bayes is gone.
        let two = result(succeeded: [4, 7])
        let second = try #require(try plan.round(after: two))
        #expect(second.candidates == [4, 7])
        #expect(plan.trialCount(earlier: [two], next: second) == 4 * (10 + 2 + 1))
        let none = result(succeeded: [])
        #expect(try plan.round(after: none)?.number == nil)
        #expect(plan.trialCount(earlier: [none], next: nil) == 4 * 10)
    }

    @Test("the same seed draws the same rows and candidates, another one others")
    func seeded() throws {
        func drawn(_ seed: Int) throws -> [SearchSpace.Row] {
            try plan(#","strategy":"random","candidates":4,"seed":\#(seed)"#).search.space.rows
        }
        #expect(try drawn(1) == drawn(1))
        #expect(try drawn(1) != drawn(2))
        func rows(_ seed: Int) throws -> [Int]? {
            try plan(#","strategy":"halving","folds":4,"seed":\#(seed)"#).round(after: nil)?.rows
        }
        #expect(try rows(1) == rows(1))
        #expect(try rows(1) != rows(2))
    }

    @Test("a report of half the trials is not complete, one of all is, whatever the order in which they came")
    func report() throws {
        let plan = try StoreFixture.plan(#"{"folds":2,"search":[{"classifier":"gaussian-naive-bayes"}]}"#)
        let round = try #require(try plan.round(after: nil))
        let trials = round.search.units(jobCount: 1).flatMap { round.search.trials(of: $0) }
        let id = try #require(ExperimentID("01ARZ3NDEKTSV4RRFFQ69G5FAV"))
        func text(_ trials: [Trial]) throws -> String {
            let report = ExperimentReport(
                plan, of: id, rounds: [RoundResult(round: round, trials: trials)], decisions: [], workerCount: 1, runSeconds: 1,
                resumedTrialCount: 0)
            return String(decoding: try report.document(), as: UTF8.self)
        }
        #expect(try text(Array(trials.prefix(1))).contains(#""complete":false"#))
        #expect(try text(trials).contains(#""complete":true"#))
        #expect(try text(trials) == text(trials.reversed()))
        #expect(try text(trials).contains(#""experiment":{"id":"01ARZ3NDEKTSV4RRFFQ69G5FAV","models":[],"request":{"#))
    }
}
