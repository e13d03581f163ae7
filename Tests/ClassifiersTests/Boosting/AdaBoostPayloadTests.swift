import Digits
import Foundation
import Testing

@testable import Classifiers

struct AdaBoostPayloadTests {
    private static let whole = #"{"pixels":[0,255],"unsetDigits":[0,1],"setDigits":[1,3],"weights":[2.5,0.5]}"#

    private func model(_ json: String, stumpCount: Int = 2, classes: [UInt8] = [0, 1, 3]) throws -> AdaBoostModel {
        try AdaBoostModel(
            parameters: AdaBoostParameters(stumpCount: stumpCount), classes: classes, trainingReport: TrainingReport(),
            payload: JSONDecoder().decode(AdaBoostPayload.self, from: Data(json.utf8)))
    }

    @Test("a payload written by hand predicts what it says")
    func byHand() throws {
        let model = try model(AdaBoostPayloadTests.whole)
        var bitmap = Bitmap.blank
        #expect(model.digit(for: bitmap) == 0)
        // 2.5 of 3 votes: f = (3 x 5/6 - 1) / 2 = 3/4, and so on; divided by K - 1 = 2.
        let powers = [0.75, -0.25, -0.5].map { exp($0 / 2) }
        for (digit, power) in zip([0, 1, 3], powers) {
            #expect(abs(model.scores(for: bitmap)[digit] - power / powers.reduce(0, +)) < 1e-15)
        }
        bitmap[0] = true
        #expect(model.digit(for: bitmap) == 1)
        bitmap[255] = true
        #expect(model.digit(for: bitmap) == 1)
    }

    @Test("equal votes go to the lower digit")
    func equalVotes() throws {
        let model = try model(#"{"pixels":[1,2],"unsetDigits":[3,1],"setDigits":[0,0],"weights":[0.7,0.7]}"#)
        #expect(model.digit(for: .blank) == 1)
    }

    @Test(
        "what does not fit is refused by the name of its field",
        arguments: [
            ("[0,255]", "[0,256]", "pixels[1]"), ("[0,255]", "[-1,255]", "pixels[0]"), ("[0,255]", "[0,1,2]", "pixels"),
            ("[0,255]", "[0]", "unsetDigits"), ("[1,3]", "[1]", "setDigits"), ("[1,3]", "[1,2]", "setDigits[1]"),
            ("[0,1]", "[9,1]", "unsetDigits[0]"), ("[2.5,0.5]", "[2.5]", "weights"), ("[2.5,0.5]", "[2.5,0]", "weights[1]"),
            ("[2.5,0.5]", "[-1,0.5]", "weights[0]"), ("[2.5,0.5]", "[64.5,0.5]", "weights[0]"),
        ])
    func refused(part: String, replacement: String, field: String) {
        let json = AdaBoostPayloadTests.whole.replacingOccurrences(of: part, with: replacement)
        let error = #expect(throws: TrainingError.self) { try model(json) }
        guard case .invalidModel(field, _, _)? = error else {
            Issue.record("refused as \(String(describing: error))")
            return
        }
    }

    @Test("more stumps than n_estimators, and classes that are no digits in ascending order, are refused")
    func refusedCounts() {
        #expect(throws: TrainingError.invalidModel(field: "pixels", found: "2 stumps", expected: "at most 1")) {
            try model(AdaBoostPayloadTests.whole, stumpCount: 1)
        }
        #expect(throws: TrainingError.self) { try model(AdaBoostPayloadTests.whole, classes: [3, 1, 0]) }
    }

    @Test("parameters are read by scikit-learn's names and written the same")
    func parameters() throws {
        let values = ParameterValues(["n_estimators": .integer(30), "learning_rate": .number(0.3)])
        let parameters = try AdaBoostParameters(values: values)
        #expect(parameters == AdaBoostParameters(stumpCount: 30, learningRate: 0.3))
        #expect(parameters.values == values)
        #expect(try AdaBoostParameters(values: ParameterValues()) == AdaBoostParameters(stumpCount: 50, learningRate: 1))
        #expect(try AdaBoostParameters(values: ParameterValues(["learning_rate": .integer(2)])).learningRate == 2)
        #expect(ClassifierName(rawValue: "adaboost")?.parametersType == AdaBoostParameters.self)
    }

    @Test(
        "parameters out of range are refused by name",
        arguments: [
            ("n_estimators", ParameterValue.integer(0)), ("n_estimators", .integer(100_001)), ("n_estimators", .null),
            ("learning_rate", .number(0)), ("learning_rate", .number(.infinity)), ("learning_rate", .integer(-1)),
        ])
    func refusedParameters(name: String, value: ParameterValue) {
        let error = #expect(throws: TrainingError.self) { try AdaBoostParameters(values: ParameterValues([name: value])) }
        guard case .invalidParameter(name, value, _)? = error else {
            Issue.record("\(name)=\(value) was refused as \(String(describing: error))")
            return
        }
        #expect(throws: TrainingError.unknownParameter(name: "max_depth", known: ["learning_rate", "n_estimators"])) {
            try AdaBoostParameters(values: ParameterValues(["max_depth": .integer(1)]))
        }
    }
}
