import Digits
import Foundation
import Testing

@testable import Classifiers

/// What every classifier must do, whatever it computes: those that there are and those to come, by `ClassifierName.allCases`.
@Suite("Every classifier")
struct ConformanceTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 200, seed: 81)
    private static let allRows = Array(0..<digits.count)
    private static let unseen = SyntheticDigits.dataset(rowCount: 60, seed: 82)
    private static let queries = unseen.bitmaps + [.blank, Bitmap(words: SIMD4(repeating: .max)), digits.bitmaps[0]]

    /// All rows in an order of their own, some of them twice.
    private static let shuffledRows: [Int] = {
        var rows = allRows + [5, 5, 17, 60]
        var stream = RandomStream(seed: 83, purpose: .test)
        stream.shuffle(&rows)
        return rows
    }()

    private var digits: DigitDataset { ConformanceTests.digits }

    /// Fits every candidate of a classifier on some rows.
    private func models<Parameters: ClassifierParameters>(
        _: Parameters.Type, rows: [Int] = ConformanceTests.allRows, seed: UInt64 = 7
    ) throws -> [Parameters.Model] {
        try ConformanceCandidates.all(Parameters.self).map { try $0.fit(digits, rows: rows, seed: seed) }
    }

    // MARK: Parameters

    @Test("has parameters that come back from their values, and from these in JSON", arguments: ClassifierName.allCases)
    func parameterValues(classifier: ClassifierName) throws {
        func check<Parameters: ClassifierParameters>(_: Parameters.Type) throws {
            #expect(Parameters.classifier == classifier)
            for parameters in try ConformanceCandidates.all(Parameters.self) + [Parameters(values: ParameterValues())] {
                #expect(try Parameters(values: parameters.values) == parameters)
                let json = try JSONEncoder().encode(parameters.values)
                #expect(try Parameters(values: JSONDecoder().decode(ParameterValues.self, from: json)) == parameters)
                #expect(parameters.predictionCost > 0 && parameters.predictionCost.isFinite)
            }
        }
        try check(classifier.parametersType)
    }

    @Test("refuses an unknown parameter by name, and says which there are", arguments: ClassifierName.allCases)
    func unknownParameter(classifier: ClassifierName) throws {
        func check<Parameters: ClassifierParameters>(_: Parameters.Type) throws {
            var values = try Parameters(values: ParameterValues()).values
            let names = values.names
            values["no_such_parameter"] = .integer(1)
            let error = #expect(throws: TrainingError.self) { try Parameters(values: values) }
            guard case .unknownParameter("no_such_parameter", let known)? = error else {
                Issue.record("refused as \(String(describing: error))")
                return
            }
            #expect(Set(names).isSubset(of: known))
        }
        try check(classifier.parametersType)
    }

    @Test("refuses a parameter of the wrong type, or that is no finite number, by name", arguments: ClassifierName.allCases)
    func wrongParameter(classifier: ClassifierName) throws {
        func check<Parameters: ClassifierParameters>(_: Parameters.Type) throws {
            for name in try Parameters(values: ParameterValues()).values.names {
                for value in [ParameterValue.text("no such thing"), .number(.infinity), .number(-.infinity), .integer(.min), .number(-0.5)]
                {
                    #expect("\(name)=\(value)") {
                        try Parameters(values: ParameterValues([name: value]))
                    } throws: { error in
                        if case TrainingError.invalidParameter(name, value, _) = error { true } else { false }
                    }
                }
            }
        }
        try check(classifier.parametersType)
    }

    // MARK: Training

    @Test("gives the same bytes for the same rows and seed", arguments: ClassifierName.allCases)
    func refit(classifier: ClassifierName) throws {
        func check<Parameters: ClassifierParameters>(_: Parameters.Type) throws {
            for rows in [ConformanceTests.allRows, ConformanceTests.shuffledRows] {
                let first = try models(Parameters.self, rows: rows).map { try ModelJSON($0) }
                let second = try models(Parameters.self, rows: rows).map { try ModelJSON($0) }
                #expect(first == second)
            }
        }
        try check(classifier.parametersType)
    }

    @Test("refuses rows of fewer than two digits", arguments: ClassifierName.allCases)
    func tooFewClasses(classifier: ClassifierName) throws {
        func check<Parameters: ClassifierParameters>(_: Parameters.Type) throws {
            let ones = ConformanceTests.allRows.filter { digits.labels[$0] == 1 }
            for candidate in try ConformanceCandidates.all(Parameters.self) {
                for (rows, classCount) in [(ones, 1), ([4], 1), ([4, 4], 1), ([], 0)] {
                    #expect(throws: TrainingError.tooFewClasses(found: classCount), "\(rows.count) rows") {
                        try candidate.fit(digits, rows: rows, seed: 0)
                    }
                }
            }
        }
        try check(classifier.parametersType)
    }

    @Test("refuses a row that there is not", arguments: ClassifierName.allCases, [200, -1, Int.max, Int.min])
    func rowOutOfRange(classifier: ClassifierName, row: Int) throws {
        func check<Parameters: ClassifierParameters>(_: Parameters.Type) throws {
            for candidate in try ConformanceCandidates.all(Parameters.self) {
                for rows in [[row], ConformanceTests.allRows + [row]] {
                    #expect(throws: TrainingError.rowOutOfRange(found: row, rowCount: 200)) {
                        try candidate.fit(digits, rows: rows, seed: 0)
                    }
                }
            }
        }
        try check(classifier.parametersType)
    }

    @Test("fits nothing in a task that was cancelled before", arguments: ClassifierName.allCases)
    func cancellation(classifier: ClassifierName) async throws {
        func check<Parameters: ClassifierParameters>(_: Parameters.Type) async throws {
            for candidate in try ConformanceCandidates.all(Parameters.self) {
                let task = Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return try candidate.fit(ConformanceTests.digits, rows: ConformanceTests.allRows, seed: 0).classes
                }
                await #expect(throws: TrainingError.cancelled, "\(candidate.values)") { try await task.value }
            }
            for group in try ConformanceCandidates.groups(Parameters.self) {
                let outcomes = await Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    let split = TrainTestSplit(trainingRows: ConformanceTests.allRows, testRows: [0], seed: 0)
                    return Parameters.evaluate(group, in: EvaluationContext(dataset: ConformanceTests.digits), split: split)
                }.value
                #expect(outcomes.map(\.predictions) == group.map { _ in .failure(.cancelled) })
            }
        }
        try await check(classifier.parametersType)
    }

    @Test("counts a row as often as it is given", arguments: ClassifierName.allCases)
    func repeatedRow(classifier: ClassifierName) throws {
        // The same bitmap as an 8 and as a 3.
        let contested = ConformanceTests.unseen.bitmaps[3]
        let dataset = try DigitDataset(
            name: "contested", bitmaps: digits.bitmaps + [contested, contested], labels: digits.labels + [8, 3])
        func check<Parameters: ClassifierParameters>(_: Parameters.Type) throws {
            let parameters = try Parameters(values: ParameterValues())
            let scores = try [(often: 200, once: 201), (often: 201, once: 200)].map { eights, threes in
                let rows = ConformanceTests.allRows + [Int](repeating: eights, count: 20) + [threes]
                return try parameters.fit(dataset, rows: rows, seed: 3).scores(for: contested)
            }
            #expect(scores[0][8] > scores[1][8])
            // Where both are near 1, they may round alike.
            #expect(scores[0][3] <= scores[1][3])
        }
        try check(classifier.parametersType)
    }

    @Test("learns", arguments: ClassifierName.allCases)
    func learning(classifier: ClassifierName) throws {
        func check<Parameters: ClassifierParameters>(_: Parameters.Type) throws {
            let dataset = SyntheticDigits.dataset(rowCount: 600, seed: 84)
            let model = try Parameters(values: ParameterValues()).fit(dataset, rows: Array(0..<400), seed: 1)
            let correctCount = (400..<600).count { model.digit(for: dataset.bitmaps[$0]) == dataset.labels[$0] }
            // Guessing gets 20.
            #expect(correctCount > 90, "\(correctCount) of 200")
        }
        try check(classifier.parametersType)
    }

    // MARK: Predictions

    @Test("gives probabilities, and the digit they speak for", arguments: ClassifierName.allCases)
    func scores(classifier: ClassifierName) throws {
        func check<Parameters: ClassifierParameters>(_: Parameters.Type) throws {
            for model in try models(Parameters.self) {
                #expect(model.classes == Array(0..<10))
                for bitmap in ConformanceTests.queries {
                    let scores = model.scores(for: bitmap)
                    #expect(scores.values.allSatisfy { $0 >= 0 && $0 <= 1 }, "\(model.parameters.values): \(scores.values)")
                    #expect(abs(scores.sum - 1) < 1e-9, "\(model.parameters.values): \(scores.values)")
                    let digit = model.digit(for: bitmap)
                    // The digit of the SVM is its machines' vote.
                    if classifier != .svm { #expect(scores[Int(digit)] == scores.values.max(), "\(model.parameters.values)") }
                    let prediction = model.prediction(for: bitmap)
                    #expect(prediction.digit == digit)
                    #expect(prediction.probabilities == scores)
                    #expect(prediction.confidence == scores[Int(digit)])
                }
            }
        }
        try check(classifier.parametersType)
    }

    @Test("answers no digit that it has not seen", arguments: ClassifierName.allCases, [[2, 7], [0, 9], [1, 4, 6]] as [[UInt8]])
    func someDigits(classifier: ClassifierName, seen: [UInt8]) throws {
        func check<Parameters: ClassifierParameters>(_: Parameters.Type) throws {
            for model in try models(Parameters.self, rows: ConformanceTests.allRows.filter { seen.contains(digits.labels[$0]) }) {
                #expect(model.classes == seen)
                for bitmap in ConformanceTests.queries {
                    let scores = model.scores(for: bitmap)
                    #expect((0..<10).allSatisfy { scores[$0] == 0 || seen.contains(UInt8($0)) }, "\(model.parameters.values)")
                    #expect(abs(scores.sum - 1) < 1e-9)
                    #expect(seen.contains(model.digit(for: bitmap)))
                }
            }
        }
        try check(classifier.parametersType)
    }

    // MARK: Evaluation

    @Test(
        "predicts in a group what each candidate predicts alone, in any order, and with the same probabilities where they are asked for",
        arguments: ClassifierName.allCases)
    func evaluation(classifier: ClassifierName) throws {
        let split = TrainTestSplit(
            trainingRows: ConformanceTests.allRows.filter { $0 % 4 != 1 }, testRows: ConformanceTests.allRows.filter { $0 % 4 == 1 },
            seed: 11)
        func check<Parameters: ClassifierParameters>(_: Parameters.Type) throws {
            for group in try ConformanceCandidates.groups(Parameters.self) {
                // Forwards, backwards, and with one candidate twice.
                for order in [Array(group.indices), group.indices.reversed(), Array(group.indices) + [0]] {
                    let alone = SeparateFits.expectEqual(toSharedEvaluationOf: order.map { group[$0] }, on: digits, split: split)
                    for outcome in alone { _ = try outcome.get() }
                }
            }
        }
        try check(classifier.parametersType)
    }

    @Test("refuses bad rows for every candidate of a group", arguments: ClassifierName.allCases)
    func failedEvaluation(classifier: ClassifierName) throws {
        func check<Parameters: ClassifierParameters>(_: Parameters.Type) throws {
            let context = EvaluationContext(dataset: digits)
            for group in try ConformanceCandidates.groups(Parameters.self) {
                for (rows, error) in [
                    ([3, 13], TrainingError.tooFewClasses(found: 1)), ([0, 1, 200], .rowOutOfRange(found: 200, rowCount: 200)),
                ] {
                    let split = TrainTestSplit(trainingRows: rows, testRows: [0], seed: 0)
                    #expect(Parameters.evaluate(group, in: context, split: split).map(\.predictions) == group.map { _ in .failure(error) })
                }
                let nothing = TrainTestSplit(trainingRows: ConformanceTests.allRows, testRows: [], seed: 0)
                #expect(
                    Parameters.evaluate(group, in: context, split: nothing).map(\.predictions)
                        == group.map { _ in .success(FoldPredictions(digits: [])) })
            }
        }
        try check(classifier.parametersType)
    }

    // MARK: Model documents

    @Test("comes back from JSON with the same scores, bit for bit, and is written the same again", arguments: ClassifierName.allCases)
    func roundTrip(classifier: ClassifierName) throws {
        func check<Parameters: ClassifierParameters>(_: Parameters.Type) throws {
            let someDigits = ConformanceTests.allRows.filter { [1, 5, 6].contains(digits.labels[$0]) }
            for model in try models(Parameters.self) + models(Parameters.self, rows: someDigits) {
                let json = try ModelJSON(model)
                let copy = try json.model()
                #expect(try ModelJSON(copy) == json)
                #expect(copy.parameters == model.parameters)
                #expect(copy.classes == model.classes)
                #expect(copy.trainingReport == model.trainingReport)
                #expect(model.trainingReport.measures.values.allSatisfy { $0.isFinite })
                for bitmap in ConformanceTests.queries { #expect(copy.prediction(for: bitmap) == model.prediction(for: bitmap)) }
            }
        }
        try check(classifier.parametersType)
    }

    @Test("refuses a torn payload, or predicts with it, and does not crash", arguments: ClassifierName.allCases)
    func tornPayload(classifier: ClassifierName) throws {
        func check<Parameters: ClassifierParameters>(_: Parameters.Type) throws {
            for model in try models(Parameters.self, rows: Array(0..<50)) {
                var json = try ModelJSON(model)
                for payload in try TornPayloads(json.payload).all() {
                    json.payload = payload.json
                    do {
                        let survivor = try json.model()
                        #expect(payload.mayBeSound, "\(model.parameters.values): \(payload) was accepted")
                        for bitmap in ConformanceTests.queries.suffix(6) {
                            let sum = survivor.scores(for: bitmap).sum
                            #expect(abs(sum - 1) < 1e-9, "\(model.parameters.values): with \(payload) scores sum to \(sum)")
                        }
                    } catch is DecodingError {
                        continue
                    } catch TrainingError.invalidModel(let field, _, _) {
                        #expect(!field.isEmpty)
                    } catch {
                        Issue.record("\(model.parameters.values): \(payload) was refused as \(error)")
                    }
                }
            }
        }
        try check(classifier.parametersType)
    }

    @Test(
        "refuses classes that do not fit its payload", arguments: ClassifierName.allCases,
        [[], [3], [9, 0], [0, 1, 1], [0, 10], [0, 1, 2]] as [[UInt8]])
    func foreignClasses(classifier: ClassifierName, classes: [UInt8]) throws {
        func check<Parameters: ClassifierParameters>(_: Parameters.Type) throws {
            for model in try models(Parameters.self) {
                #expect("\(model.parameters.values)") {
                    try Parameters.Model(
                        parameters: model.parameters, classes: classes, trainingReport: model.trainingReport, payload: model.payload)
                } throws: { error in
                    if case TrainingError.invalidModel = error { true } else { false }
                }
            }
        }
        try check(classifier.parametersType)
    }
}
