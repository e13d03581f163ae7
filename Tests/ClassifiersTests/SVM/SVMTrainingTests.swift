import Digits
import Testing

@testable import Classifiers

@Suite("SVM training")
struct SVMTrainingTests {
    let digits: DigitDataset
    let split: TrainTestSplit

    init() throws {
        digits = try scatteredDigits(classes: [0, 1, 5, 8], rowsPerClass: 30, flipProbability: 0.3, seed: 21)
        split = TrainTestSplit(
            trainingRows: (0..<digits.count).filter { $0 % 3 != 0 }, testRows: (0..<digits.count).filter { $0 % 3 == 0 }, seed: 9)
    }

    @Test("candidates evaluated together predict what each predicts alone", arguments: SVMKernel.allCases)
    func sharingEqualsAlone(kernel: SVMKernel) throws {
        let gammas: [SVMParameters.Gamma] = kernel == .linear ? [.auto, .value(0.5)] : [.value(0.01)]
        // Out of order and with one twice; from a C that stops every multiplier to one that stops none.
        let group = gammas.flatMap { gamma in
            [100, 0.001, 1, 0.1, 1].map { SVMParameters(c: $0, kernel: kernel, gamma: gamma) }
        }
        #expect(Set(group.map(\.sharingKey)).count == 1)
        let outcomes = SeparateFits.expectEqual(toSharedEvaluationOf: group, on: digits, split: split)
        #expect(Set(try outcomes.map { try $0.get().digits }).count > 1)
    }

    @Test("machines trained together are those trained alone, bit for bit")
    func machinesShared() throws {
        let costs = [0.01, 0.1, 1, 10, 100]
        let parameters = SVMParameters(kernel: .rbf, gamma: .value(0.01))
        let trainer = try OneVersusOneTrainer(digits, rows: split.trainingRows, parameters: parameters, limits: .standard)
        let together = try trainer.train(costs: costs)
        for (c, outcome) in zip(costs, together) {
            let alone = try trainer.train(costs: [c])[0]
            #expect(outcome.machines.dualCoefficients == alone.machines.dualCoefficients)
            #expect(outcome.machines.intercepts == alone.machines.intercepts)
            #expect(outcome.machines.supportVectors == alone.machines.supportVectors)
        }
    }

    @Test("a polynomial kernel that overflows is a failure of the candidate, in a search as in a fit")
    func overflow() throws {
        // (1e13 x.z)^3 is past the largest single-precision number, in which kernel rows are kept.
        let parameters = SVMParameters(kernel: .poly, gamma: .value(1e13))
        #expect(throws: TrainingError.self) { try parameters.fit(digits, rows: split.trainingRows, seed: 1) }
        let group = [SVMParameters(c: 10, kernel: .poly, gamma: .value(1e13)), parameters]
        for outcome in SVMParameters.evaluate(group, in: EvaluationContext(dataset: digits), split: split) {
            guard case .failure(.noSolution(let reason)) = outcome.predictions else {
                Issue.record("an overflow was not refused")
                continue
            }
            #expect(reason.contains("not finite"))
        }
    }

    @Test("equal seeds give equal models; another seed changes the sigmoids only")
    func seeds() throws {
        let parameters = SVMParameters(c: 1, kernel: .poly, gamma: .value(0.02))
        let first = try parameters.fit(digits, rows: split.trainingRows, seed: 1).payload
        let again = try parameters.fit(digits, rows: split.trainingRows, seed: 1).payload
        var other = try parameters.fit(digits, rows: split.trainingRows, seed: 2).payload
        #expect(first == again)
        #expect(first.sigmoidSlopes != other.sigmoidSlopes)
        other.sigmoidSlopes = first.sigmoidSlopes
        other.sigmoidOffsets = first.sigmoidOffsets
        #expect(first == other)
    }

    @Test("a coarse tolerance takes fewer iterations, a fine one more")
    func tolerances() throws {
        let iterations = try [0.5, 1e-3, 1e-6].map { tolerance in
            let parameters = SVMParameters(c: 1, gamma: .value(0.01), tolerance: tolerance)
            return try #require(parameters.fit(digits, rows: split.trainingRows, seed: 1).trainingReport.measures["iterations"])
        }
        #expect(iterations[0] < iterations[1] && iterations[1] < iterations[2])
    }

    @Test("kernel rows made on demand in a small cache give the same model")
    func onDemandRows() throws {
        let parameters = SVMParameters(c: 1, kernel: .rbf, gamma: .value(0.01))
        let whole = try parameters.fit(digits, rows: split.trainingRows, seed: 1)
        let bounded = try parameters.fit(digits, rows: split.trainingRows, seed: 1, limits: SolverLimits(cacheBytes: 3 * 40 * 4))
        #expect(bounded.payload == whole.payload)
    }

    @Test("every machine of a model fulfils the optimality conditions on its training rows", arguments: SVMKernel.allCases)
    func machinesAreOptimal(kernel: SVMKernel) throws {
        let parameters = SVMParameters(c: 1, kernel: kernel, gamma: .value(0.01))
        let payload = try parameters.fit(digits, rows: split.trainingRows, seed: 1).payload
        try expectOptimal(payload, parameters: parameters, gamma: 0.01)
    }

    @Test("the report counts iterations and support vectors, and says when the limit was reached")
    func report() throws {
        let parameters = SVMParameters(c: 1, kernel: .rbf, gamma: .value(0.01))
        let model = try parameters.fit(digits, rows: split.trainingRows, seed: 1)
        #expect(model.trainingReport.converged)
        #expect(model.trainingReport.measures["support_vectors"] == Double(model.payload.supportVectors.count))
        #expect(model.trainingReport.measures["unconverged_machines"] == 0)
        let hasty = try parameters.fit(digits, rows: split.trainingRows, seed: 1, limits: SolverLimits(iterationLimit: 2))
        #expect(!hasty.trainingReport.converged)
        #expect(hasty.trainingReport.measures["iterations"] == 12)
        #expect(hasty.trainingReport.measures["unconverged_machines"] == 6)
    }

    @Test("one row a digit is enough, and rows may be given more than once")
    func fewRows() throws {
        let single = try SVMParameters(c: 10).fit(digits, rows: [0, 30, 60, 90], seed: 1)
        for row in [0, 30, 60, 90] { #expect(single.digit(for: digits.bitmaps[row]) == digits.labels[row]) }
        #expect(abs(single.scores(for: digits.bitmaps[0]).sum - 1) < 1e-12)
        let repeated = try SVMParameters(c: 10).fit(digits, rows: [0, 0, 30, 30, 30, 90], seed: 1)
        #expect(repeated.classes == [0, 1, 8])
        #expect(repeated.digit(for: digits.bitmaps[30]) == 1)
    }

    @Test("equal bitmaps with different digits train to finite probabilities")
    func contradictoryRows() throws {
        let same = try DigitDataset(
            name: "same", bitmaps: Array(repeating: digits.bitmaps[0], count: 12), labels: (0..<12).map { UInt8($0 % 3) })
        let model = try SVMParameters(c: 10).fit(same, rows: Array(0..<12), seed: 1)
        let scores = model.scores(for: digits.bitmaps[0])
        for digit in 0..<3 { #expect(abs(scores[digit] - 1.0 / 3) < 0.05) }
    }

    @Test("a cancelled task stops training")
    func cancellation() async {
        let task = Task { [digits] () throws(TrainingError) -> SVMModel in
            while !Task.isCancelled { await Task.yield() }
            return try SVMParameters().fit(digits, rows: Array(0..<digits.count), seed: 1)
        }
        task.cancel()
        await #expect(throws: TrainingError.cancelled) { try await task.value }
    }

    private func expectOptimal(_ payload: SVMPayload, parameters: SVMParameters, gamma: Double) throws {
        let classes: [UInt8] = [0, 1, 5, 8]
        let starts = payload.supportCounts.indices.map { payload.supportCounts[..<$0].reduce(0, +) }
        for pair in ClassPairs.all(classes: 4) {
            var bitmaps: [Bitmap] = []
            var labels: [Double] = []
            var multipliers: [Double] = []
            for (position, other, label) in [(pair.first, pair.second - 1, 1.0), (pair.second, pair.first, -1.0)] {
                let rows = split.trainingRows.filter { digits.labels[$0] == classes[position] }
                var multiplierOf: [String: Double] = [:]
                for row in starts[position]..<starts[position] + payload.supportCounts[position] {
                    multiplierOf[payload.supportVectors[row]] =
                        payload.dualCoefficients[other * payload.supportVectors.count + row]
                }
                for row in rows {
                    bitmaps.append(digits.bitmaps[row])
                    labels.append(label)
                    multipliers.append(multiplierOf[digits.bitmaps[row].hexadecimal] ?? 0)
                }
            }
            let matrix = bitmaps.map { x in bitmaps.map { Double(Float(naiveKernel(parameters.kernel, gamma: gamma, x, $0))) } }
            let check = OptimalityCheck(kernelMatrix: matrix, labels: labels, signedMultipliers: multipliers, c: parameters.c)
            #expect(check.boxViolation == 0)
            #expect(check.balance < 1e-9)
            #expect(check.gap < 1e-3 + 1e-9)
        }
    }
}
