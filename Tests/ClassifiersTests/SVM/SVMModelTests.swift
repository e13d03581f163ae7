import Digits
import Foundation
import Testing

@testable import Classifiers

@Suite("SVM model")
struct SVMModelTests {
    let digits: DigitDataset
    let model: SVMModel

    init() throws {
        digits = try scatteredDigits(classes: [0, 2, 3, 7, 9], rowsPerClass: 25, flipProbability: 0.2, seed: 11)
        model = try SVMParameters(c: 2, kernel: .rbf, gamma: .value(0.02)).fit(digits, rows: Array(0..<digits.count), seed: 5)
    }

    @Test("a model read back from JSON answers bit for bit the same")
    func roundTrip() throws {
        let json = try JSONEncoder().encode(model.payload)
        let payload = try JSONDecoder().decode(SVMPayload.self, from: json)
        #expect(payload == model.payload)
        let copy = try SVMModel(
            parameters: model.parameters, classes: model.classes, trainingReport: model.trainingReport, payload: payload)
        for bitmap in digits.bitmaps {
            #expect(copy.decisionValues(for: bitmap) == model.decisionValues(for: bitmap))
            #expect(copy.prediction(for: bitmap) == model.prediction(for: bitmap))
        }
    }

    @Test("decision values are the sums that the payload spells out", arguments: SVMKernel.allCases)
    func decisionValuesFromPayload(kernel: SVMKernel) throws {
        // More than 256 support vectors in a class, so that several chunks are added up.
        let many = try scatteredDigits(classes: [1, 4, 6], rowsPerClass: 300, flipProbability: 0.45, seed: 12)
        let model = try SVMParameters(c: 1, kernel: kernel, gamma: .value(0.004)).fit(many, rows: Array(0..<many.count), seed: 1)
        let payload = model.payload
        let supportVectors = try payload.supportVectors.map { try Bitmap(hexadecimal: $0.utf8.span) }
        #expect(kernel != .rbf || payload.supportCounts.contains { $0 > 256 })
        let starts = payload.supportCounts.indices.map { payload.supportCounts[..<$0].reduce(0, +) }
        for bitmap in many.bitmaps.prefix(20) {
            let kernels = supportVectors.map { Double(Float(naiveKernel(kernel, gamma: 0.004, $0, bitmap))) }
            var expected: [Double] = []
            for (number, pair) in ClassPairs.all(classes: 3).enumerated() {
                var sum = payload.intercepts[number]
                for row in starts[pair.first]..<starts[pair.first] + payload.supportCounts[pair.first] {
                    sum += payload.dualCoefficients[(pair.second - 1) * supportVectors.count + row] * kernels[row]
                }
                for row in starts[pair.second]..<starts[pair.second] + payload.supportCounts[pair.second] {
                    sum += payload.dualCoefficients[pair.first * supportVectors.count + row] * kernels[row]
                }
                expected.append(sum)
            }
            for (found, wanted) in zip(model.decisionValues(for: bitmap), expected) { #expect(abs(found - wanted) < 1e-4) }
        }
    }

    @Test("a support vector counts with its kernel value at every distance, whatever the number of classes", arguments: [2, 7, 10])
    func everyDistance(classCount: Int) {
        let table = KernelTable(kernel: .rbf, gamma: 0.0123)
        for distance in 0...256 {
            let supportVector = Bitmap(
                words: SIMD4(
                    (0..<4).map { word in
                        let count = min(max(distance - 64 * word, 0), 64)
                        return count == 64 ? .max : (1 &<< UInt64(count)) - 1
                    }))
            // The last class has the one support vector; its machine with the first class is the last of the first class's.
            let machines = OneVersusOneMachines(
                classes: (0..<UInt8(classCount)).map { $0 }, supportVectors: [supportVector],
                supportCounts: [Int](repeating: 0, count: classCount - 1) + [1],
                dualCoefficients: [-3] + [Double](repeating: 0, count: classCount - 2),
                intercepts: [Double](repeating: 0.5, count: ClassPairs.count(classes: classCount)))
            let decisions = SVMPredictor(machines, table: table).decisionValues(for: .blank)
            #expect(decisions[classCount - 2] == 0.5 - 3 * table.doubleValues[distance])
            for machine in 0..<ClassPairs.count(classes: classCount) where machine != classCount - 2 {
                #expect(decisions[machine] == 0.5)
            }
        }
    }

    @Test(
        "large coefficients that cancel, and values that single precision has none of, are summed in double",
        arguments: [(1e-9, 1e6), (1e-6, 1e3), (0.03, 10), (3, 1), (8, 1), (10, 1e6)])
    func doublePrecision(gamma: Double, coefficient: Double) {
        // Of the first digit 30 support vectors, of the second 20: pictures at all distances from a blank one.
        let supportVectors = (0..<50).map { number in
            var words = SIMD4<UInt64>(repeating: UInt64(number))
            words[number % 4] = (UInt64(1) &<< UInt64(number + 1)) &- 1
            return Bitmap(words: words)
        }
        let coefficients: [Double] = (0..<50).map { number in
            let size = coefficient * (1 + Double(number % 7) / 1000)
            return number < 30 ? size : -1.5 * size
        }
        let machines = OneVersusOneMachines(
            classes: [3, 8], supportVectors: supportVectors, supportCounts: [30, 20], dualCoefficients: coefficients, intercepts: [0])
        for kernel in [SVMKernel.rbf, .poly, .sigmoid] {
            let predictor = SVMPredictor(machines, table: KernelTable(kernel: kernel, gamma: gamma))
            for query in [Bitmap.blank, supportVectors[9], Bitmap(words: SIMD4(0xF0F0, 1, 0, 7))] {
                let terms: [Double] = zip(supportVectors, coefficients).map { $1 * naiveKernel(kernel, gamma: gamma, $0, query) }
                let expected = terms.reduce(0, +)
                let found = predictor.decisionValues(for: query)[0]
                let rounding = 1e-13 * terms.reduce(0) { $0 + $1.magnitude }
                #expect(abs(found - expected) <= rounding, "\(kernel)")
                #expect((found > 0) == (expected > 0) || abs(expected) <= rounding)
            }
        }
    }

    @Test("equal votes go to the lower digit, or where asked for to the one whose machines are surest")
    func ties() {
        let machines = OneVersusOneMachines(
            classes: [3, 5, 7], supportVectors: [.blank, .blank, .blank], supportCounts: [1, 1, 1],
            dualCoefficients: [Double](repeating: 0, count: 6), intercepts: [0.2, -0.1, 0.5])
        let predictor = SVMPredictor(machines, table: KernelTable(kernel: .linear, gamma: 1))
        let decisions = predictor.decisionValues(for: .blank)
        // 3 beats 5, 7 beats 3, 5 beats 7; the sums are 0.1, 0.3 and -0.4.
        #expect(predictor.digit(decisions, breakingTies: false) == 3)
        #expect(predictor.digit(decisions, breakingTies: true) == 5)
        // A clear majority needs no sums, however large: the votes are 2, 1 and 0, the sums 0.2, 8.9 and -9.1.
        var clear = SVMPredictor.DecisionValues(repeating: 0)
        (clear[0], clear[1], clear[2]) = (0.1, 0.1, 9)
        #expect(predictor.digit(clear, breakingTies: true) == 3)
    }

    @Test("probabilities sum to one, digits that were not trained have none, and the confidence is that of the digit answered")
    func probabilities() {
        for bitmap in digits.bitmaps {
            let prediction = model.prediction(for: bitmap)
            #expect(abs(prediction.probabilities.sum - 1) < 1e-12)
            #expect(prediction.probabilities == model.scores(for: bitmap))
            #expect(prediction.digit == model.digit(for: bitmap))
            #expect(prediction.confidence == prediction.probabilities[Int(prediction.digit)])
            for absent in [1, 4, 5, 6, 8] { #expect(prediction.probabilities[absent] == 0) }
        }
    }

    @Test("probabilities are calibrated well enough to rank the true digit first")
    func probabilitiesFollowDigits() {
        let agreeing = digits.bitmaps.count { model.scores(for: $0).digitOfLargest == model.digit(for: $0) }
        #expect(agreeing >= digits.count * 95 / 100)
    }

    @Test("with equal votes the lower digit wins")
    func voteTies() throws {
        // A circle: 2 beats 5, 5 beats 8, 8 beats 2, by intercepts alone.
        let payload = SVMPayload(
            gamma: 1, supportVectors: Array(repeating: Bitmap.blank.hexadecimal, count: 3), supportCounts: [1, 1, 1],
            dualCoefficients: [0, 0, 0, 0, 0, 0], intercepts: [1, -1, 1], sigmoidSlopes: [-1, -1, -1], sigmoidOffsets: [0, 0, 0])
        let circle = try SVMModel(
            parameters: SVMParameters(c: 1), classes: [2, 5, 8], trainingReport: TrainingReport(), payload: payload)
        #expect(circle.decisionValues(for: .blank) == [1, -1, 1])
        #expect(circle.digit(for: .blank) == 2)
        #expect(abs(circle.scores(for: .blank)[5] - 1.0 / 3) < 1e-12)
    }

    @Test("a machine that cannot decide votes for the second of its classes, as LIBSVM does")
    func undecided() throws {
        let payload = SVMPayload(
            gamma: 1, supportVectors: Array(repeating: Bitmap.blank.hexadecimal, count: 2), supportCounts: [1, 1],
            dualCoefficients: [0, 0], intercepts: [0], sigmoidSlopes: [-1], sigmoidOffsets: [0])
        let model = try SVMModel(
            parameters: SVMParameters(c: 1), classes: [3, 6], trainingReport: TrainingReport(), payload: payload)
        #expect(model.digit(for: .blank) == 6)
    }

    /// A way to spoil a payload, and the field that must be named.
    struct Damage: Sendable, CustomTestStringConvertible {
        let field: String
        let apply: @Sendable (inout SVMPayload) -> Void
        var testDescription: String { field }
    }

    static let damages: [Damage] = [
        Damage(field: "gamma") { $0.gamma = 0 },
        Damage(field: "gamma") { $0.gamma = .nan },
        Damage(field: "supportCounts") { $0.supportCounts.removeLast() },
        Damage(field: "supportCounts[1]") { $0.supportCounts[1] = 0 },
        Damage(field: "supportCounts[2]") { $0.supportCounts[2] = .max },
        Damage(field: "supportCounts[0]") { $0.supportCounts[0] = -4 },
        Damage(field: "supportVectors") { $0.supportVectors.removeLast() },
        Damage(field: "supportVectors") { $0.supportCounts[0] += 1 },
        Damage(field: "supportVectors[3]") { $0.supportVectors[3] = "zz" },
        Damage(field: "supportVectors[4]") { $0.supportVectors[4].removeLast() },
        Damage(field: "dualCoefficients") { $0.dualCoefficients.append(0) },
        Damage(field: "dualCoefficients[7]") { $0.dualCoefficients[7] = .infinity },
        Damage(field: "dualCoefficients[8]") { $0.dualCoefficients[8] = .nan },
        Damage(field: "dualCoefficients[9]") { $0.dualCoefficients[9] = -2.5 },
        Damage(field: "intercepts") { $0.intercepts.removeFirst() },
        Damage(field: "intercepts[2]") { $0.intercepts[2] = .nan },
        Damage(field: "sigmoidSlopes") { $0.sigmoidSlopes = [] },
        Damage(field: "sigmoidSlopes[9]") { $0.sigmoidSlopes[9] = -.infinity },
        Damage(field: "sigmoidOffsets") { $0.sigmoidOffsets.append(0) },
        Damage(field: "sigmoidOffsets[0]") { $0.sigmoidOffsets[0] = .nan },
    ]

    @Test("a payload that does not fit is refused by the field's name", arguments: damages)
    func damagedPayload(damage: Damage) throws {
        var payload = model.payload
        damage.apply(&payload)
        try expectRefused(field: damage.field, classes: model.classes, payload: payload)
    }

    @Test("classes that are no ascending digits are refused", arguments: [[0], [], [3, 2, 0, 7, 9], [0, 2, 2, 7, 9], [0, 2, 3, 7, 10]])
    func wrongClasses(classes: [UInt8]) throws {
        try expectRefused(field: "classes", classes: classes, payload: model.payload)
    }

    private func expectRefused(field: String, classes: [UInt8], payload: SVMPayload) throws {
        let error = #expect(throws: TrainingError.self) {
            try SVMModel(parameters: model.parameters, classes: classes, trainingReport: TrainingReport(), payload: payload)
        }
        guard case .invalidModel(let found, _, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(found == field)
    }
}
