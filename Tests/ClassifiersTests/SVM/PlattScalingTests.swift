import Digits
import Testing

@testable import Classifiers

#if canImport(Glibc)
    import Glibc
#endif

@Suite("Platt scaling")
struct PlattScalingTests {
    @Test("the sigmoid is 1 / (1 + exp(A f + B)), also far out")
    func sigmoid() {
        let sigmoid = PlattSigmoid(slope: -2, offset: 0.5)
        for value in [-3.0, -0.1, 0, 0.25, 4] {
            #expect(abs(sigmoid.probability(decisionValue: value) - 1 / (1 + exp(-2 * value + 0.5))) < 1e-15)
        }
        #expect(sigmoid.probability(decisionValue: 1e6) == 1)
        #expect(sigmoid.probability(decisionValue: -1e6) == 0)
    }

    @Test("a bank of sigmoids computes each as it would be alone, to the last places")
    func bank() {
        var stream = RandomStream(seed: 2, purpose: .test)
        for machineCount in [1, 6, 45] {
            let sigmoids = (0..<machineCount).map { _ in
                PlattSigmoid(slope: -8 * stream.unitInterval(), offset: 4 * (stream.unitInterval() - 0.5))
            }
            let bank = SigmoidBank(sigmoids)
            for scale in [1e-9, 0.1, 1, 30, 1e4] {
                var decisions = SVMPredictor.DecisionValues(repeating: 0)
                for number in 0..<machineCount { decisions[number] = scale * (stream.unitInterval() - 0.5) }
                let found = bank.probabilities(decisions)
                for number in 0..<machineCount {
                    let expected = sigmoids[number].probability(decisionValue: decisions[number])
                    #expect(abs(found[number] - expected) <= 1e-15 * expected + 1e-300)
                }
            }
        }
    }

    @Test("without information in the decision values the sigmoid is the smoothed share of the first class")
    func constantDecisionValues() {
        let sigmoid = PlattSigmoid(decisionValues: [0, 0, 0, 0, 0], firstClassCount: 3)
        // Targets 4/5 three times and 1/4 twice: the likelihood is largest at their mean.
        #expect(abs(sigmoid.probability(decisionValue: 0) - (3 * 4.0 / 5 + 2 * 1.0 / 4) / 5) < 1e-5)
        #expect(abs(sigmoid.slope) < 1e-6)
    }

    @Test("classes that mirror each other have offset 0 and a falling slope")
    func mirroredClasses() {
        let sigmoid = PlattSigmoid(decisionValues: [2, 1, 0.5, -0.2, -2, -1, -0.5, 0.2], firstClassCount: 4)
        #expect(abs(sigmoid.offset) < 1e-6)
        #expect(sigmoid.slope < -0.5)
    }

    @Test("no sigmoid near the fitted one is likelier")
    func likelihoodIsLargest() {
        var stream = RandomStream(seed: 3, purpose: .test)
        for firstClassCount in [1, 20, 45] {
            let values = (0..<50).map { ($0 < firstClassCount ? 0.7 : -0.7) + 3 * (stream.unitInterval() - 0.5) }
            let fitted = PlattSigmoid(decisionValues: values, firstClassCount: firstClassCount)
            let best = loss(fitted, values, firstClassCount)
            for slopeChange in [-0.05, 0, 0.05] {
                for offsetChange in [-0.05, 0, 0.05] where slopeChange != 0 || offsetChange != 0 {
                    let other = PlattSigmoid(slope: fitted.slope + slopeChange, offset: fitted.offset + offsetChange)
                    #expect(loss(other, values, firstClassCount) > best)
                }
            }
        }
    }

    @Test("separable decision values give a finite sigmoid that reaches the smoothed targets")
    func separable() {
        let values = [Double](repeating: 1, count: 30) + [Double](repeating: -1, count: 10)
        let sigmoid = PlattSigmoid(decisionValues: values, firstClassCount: 30)
        #expect(sigmoid.slope.isFinite && sigmoid.offset.isFinite)
        #expect(abs(sigmoid.probability(decisionValue: 1) - 31.0 / 32) < 1e-4)
        #expect(abs(sigmoid.probability(decisionValue: -1) - 1.0 / 12) < 1e-4)
    }

    @Test("decision values of a fold whose training part has one class are 1 or -1")
    func foldsOfOneClass() throws {
        // One row of the first class: in its own fold only the second class trains.
        let digits = try scatteredDigits(classes: [1, 2], rowsPerClass: 6, flipProbability: 0.1, seed: 9).bitmaps
        let rows = KernelRows(
            bitmaps: Array(digits[5...]), table: KernelTable(kernel: .rbf, gamma: 0.01), storage: FloatStorage(), cacheBytes: 1 << 20)
        var stream = RandomStream(seed: 1, purpose: .probabilityFolds)
        let values = try CrossValidatedDecisions.values(
            rows, firstClassCount: 1, c: 1, solver: SMOSolver(limits: .standard), stream: &stream)
        #expect(values[0] == -1)
        #expect(values.dropFirst().allSatisfy { $0 != 1 && $0.isFinite })

        let pair = KernelRows(
            bitmaps: [digits[0], digits[6]], table: KernelTable(kernel: .rbf, gamma: 0.01), storage: FloatStorage(), cacheBytes: 1 << 20)
        let pairValues = try CrossValidatedDecisions.values(
            pair, firstClassCount: 1, c: 1, solver: SMOSolver(limits: .standard), stream: &stream)
        #expect(pairValues == [-1, 1])
    }

    @Test("where rounding of kernel values adds up, decision values are computed in double precision")
    func largeMultipliers() throws {
        let digits = try scatteredDigits(classes: [1, 2], rowsPerClass: 20, flipProbability: 0.2, seed: 9).bitmaps
        let gamma = 1e-9
        let c = 1e7
        let rows = KernelRows(
            bitmaps: digits, table: KernelTable(kernel: .rbf, gamma: gamma), storage: FloatStorage(), cacheBytes: 1 << 20)
        let solver = SMOSolver(limits: .standard)
        var stream = RandomStream(seed: 1, purpose: .probabilityFolds)
        let values = try CrossValidatedDecisions.values(rows, firstClassCount: 20, c: c, solver: solver, stream: &stream)

        var order = Array(digits.indices)
        var again = RandomStream(seed: 1, purpose: .probabilityFolds)
        again.shuffle(&order)
        for fold in 0..<5 {
            let held = order[fold * 8..<(fold + 1) * 8]
            let solution = try solver.solve(rows, firstClassCount: 20, c: c, leftOut: digits.indices.map(held.contains))
            let size = solution.coefficients.reduce(0) { $0 + $1.magnitude }
            #expect(size > 1e5)
            for row in held {
                let expected = digits.indices.reduce(solution.intercept) {
                    $0 + solution.coefficients[$1] * naiveKernel(.rbf, gamma: gamma, digits[$1], digits[row])
                }
                #expect(abs(values[row] - expected) < 1e-12 * size)
            }
        }
    }

    private func loss(_ sigmoid: PlattSigmoid, _ values: [Double], _ firstClassCount: Int) -> Double {
        let firstTarget = Double(firstClassCount + 1) / Double(firstClassCount + 2)
        let secondTarget = 1 / Double(values.count - firstClassCount + 2)
        return values.enumerated().reduce(0) { sum, row in
            let target = row.offset < firstClassCount ? firstTarget : secondTarget
            let probability = 1 / (1 + exp(sigmoid.slope * row.element + sigmoid.offset))
            return sum - target * log(probability) - (1 - target) * log(1 - probability)
        }
    }
}
