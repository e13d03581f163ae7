import Digits
import Testing

@testable import Classifiers

@Suite("SVM parameters")
struct SVMParametersTests {
    @Test("what is left out has scikit-learn's default")
    func defaults() throws {
        let parameters = try SVMParameters(values: ParameterValues())
        #expect(parameters == SVMParameters(c: 1, kernel: .rbf, gamma: .scale))
    }

    @Test(
        "values read back as the same parameters",
        arguments: [
            SVMParameters(c: 10, kernel: .rbf, gamma: .value(0.03)), SVMParameters(c: 0.1, kernel: .poly, gamma: .auto),
            SVMParameters(c: 2.5, kernel: .sigmoid, gamma: .value(2)), SVMParameters(c: 1, kernel: .linear, gamma: .scale),
            SVMParameters(tolerance: 0.1),
        ])
    func valuesRoundTrip(parameters: SVMParameters) throws {
        #expect(try SVMParameters(values: parameters.values) == parameters)
    }

    @Test("whole and fractional spellings of a number are one candidate")
    func wholeNumbers() throws {
        let whole = try SVMParameters(values: ParameterValues(["C": .integer(10), "gamma": .integer(1)]))
        let fractional = try SVMParameters(values: ParameterValues(["C": .number(10), "gamma": .number(1)]))
        #expect(whole == fractional)
        #expect(whole.values == fractional.values)
        #expect(whole.values.description == "C=10 gamma=1 kernel=rbf")
    }

    @Test(
        "a wrong value is refused by name",
        arguments: [
            ("C", ParameterValue.integer(0)), ("C", .number(-1)), ("C", .text("ten")), ("C", .number(.infinity)), ("C", .null),
            ("gamma", .number(0)), ("gamma", .integer(-1)), ("gamma", .text("automatic")), ("gamma", .number(.nan)), ("gamma", .null),
            ("kernel", .text("cosine")), ("kernel", .integer(1)), ("tol", .integer(0)), ("tol", .integer(2)), ("tol", .text("fine")),
        ])
    func wrongValues(name: String, value: ParameterValue) throws {
        let error = #expect(throws: TrainingError.self) { try SVMParameters(values: ParameterValues([name: value])) }
        guard case .invalidParameter(let found, _, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(found == name)
    }

    @Test("an unknown name is refused with the known ones")
    func unknownName() {
        #expect(throws: TrainingError.unknownParameter(name: "degree", known: ["C", "gamma", "kernel", "tol"])) {
            try SVMParameters(values: ParameterValues(["degree": .integer(3)]))
        }
    }

    @Test("a tolerance that is the default is not written: documents keep their bytes")
    func defaultTolerance() throws {
        #expect(try SVMParameters(values: ParameterValues(["tol": .number(0.001)])).values == SVMParameters().values)
        #expect(SVMParameters().values.names == ["C", "gamma", "kernel"])
        #expect(SVMParameters(tolerance: 0.1).values["tol"] == .number(0.1))
        #expect(SVMParameters(tolerance: 0.1).sharingKey != SVMParameters().sharingKey)
    }

    @Test("candidates share kernel values whatever their C, and linear ones whatever their gamma")
    func sharingKeys() {
        let narrow = SVMParameters(c: 1, kernel: .rbf, gamma: .value(0.03))
        #expect(narrow.sharingKey == SVMParameters(c: 100, kernel: .rbf, gamma: .value(0.03)).sharingKey)
        #expect(narrow.sharingKey != SVMParameters(c: 1, kernel: .rbf, gamma: .value(0.003)).sharingKey)
        #expect(narrow.sharingKey != SVMParameters(c: 1, kernel: .poly, gamma: .value(0.03)).sharingKey)
        let linear = SVMParameters(c: 1, kernel: .linear, gamma: .auto)
        #expect(linear.sharingKey == SVMParameters(c: 10, kernel: .linear, gamma: .value(0.03)).sharingKey)
    }

    @Test("gamma is resolved as scikit-learn does")
    func resolvedGamma() throws {
        var half = Bitmap.blank
        for pixel in 0..<128 { half[pixel] = true }
        let digits = try DigitDataset(name: "halves", bitmaps: [half, .blank, .blank], labels: [0, 1, 1])
        #expect(SVMParameters(gamma: .auto).resolvedGamma(digits, rows: [0, 1]) == 1.0 / 256)
        #expect(SVMParameters(gamma: .value(0.5)).resolvedGamma(digits, rows: [0, 1]) == 0.5)
        // A quarter of the 512 pixels is set: their variance is 3/16.
        #expect(SVMParameters(gamma: .scale).resolvedGamma(digits, rows: [0, 1]) == 1 / (256 * 3.0 / 16))
        #expect(SVMParameters(gamma: .scale).resolvedGamma(digits, rows: [1, 2]) == 1)
    }
}
