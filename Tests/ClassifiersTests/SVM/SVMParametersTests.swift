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
            SVMParameters(tolerance: 0.1), SVMParameters(kernel: .poly, degree: 0, coef0: -0.5),
            SVMParameters(kernel: .sigmoid, coef0: 1, classWeight: .balanced, breaksTies: true),
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
            ("degree", .integer(-1)), ("degree", .number(2.5)), ("degree", .null), ("coef0", .text("one")), ("coef0", .number(.infinity)),
            ("class_weight", .text("equal")), ("class_weight", .integer(2)), ("break_ties", .integer(1)), ("break_ties", .null),
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
        let known = ["C", "break_ties", "class_weight", "coef0", "degree", "gamma", "kernel", "tol"]
        #expect(throws: TrainingError.unknownParameter(name: "shrinking", known: known)) {
            try SVMParameters(values: ParameterValues(["shrinking": .bool(true)]))
        }
    }

    @Test("what is the default is not written, but C, gamma and the kernel: documents keep their bytes")
    func defaultValues() throws {
        let spelled = ParameterValues([
            "tol": .number(0.001), "degree": .integer(3), "coef0": .integer(0), "class_weight": .null, "break_ties": .bool(false),
        ])
        #expect(try SVMParameters(values: spelled).values == SVMParameters().values)
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
        #expect(linear.sharingKey == SVMParameters(c: 10, kernel: .linear, degree: 2, coef0: 1, breaksTies: true).sharingKey)
        #expect(narrow.sharingKey == SVMParameters(c: 1, kernel: .rbf, gamma: .value(0.03), degree: 2, coef0: 1).sharingKey)
        #expect(narrow.sharingKey != SVMParameters(c: 1, kernel: .rbf, gamma: .value(0.03), classWeight: .balanced).sharingKey)
        let polynomial = SVMParameters(kernel: .poly)
        #expect(polynomial.sharingKey != SVMParameters(kernel: .poly, degree: 2).sharingKey)
        #expect(polynomial.sharingKey != SVMParameters(kernel: .poly, coef0: 2).sharingKey)
        let sigmoid = SVMParameters(kernel: .sigmoid)
        #expect(sigmoid.sharingKey == SVMParameters(kernel: .sigmoid, degree: 2).sharingKey)
        #expect(sigmoid.sharingKey != SVMParameters(kernel: .sigmoid, coef0: 2).sharingKey)
    }

    @Test("balanced weights are rows / (classes x rows of the class)")
    func weights() {
        #expect(SVMParameters(classWeight: .balanced).weights(rowCounts: [10, 30, 20]) == [2, 60.0 / 90, 1])
        #expect(SVMParameters().weights(rowCounts: [10, 30, 20]) == [1, 1, 1])
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
