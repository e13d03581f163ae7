import Digits
import Testing

@testable import Classifiers

@Suite("SMO solver")
struct SMOSolverTests {
    /// A two-class problem with its kernel matrix as the solver sees it.
    struct Problem {
        let rows: KernelRows
        let firstCount: Int
        let labels: [Double]
        let matrix: [[Double]]
        let diagonal: [Double]

        init(first: [Bitmap], second: [Bitmap], kernel: SVMKernel, gamma: Double, cacheBytes: Int = 1 << 24) {
            let bitmaps = first + second
            let table = KernelTable(kernel: kernel, gamma: gamma)
            rows = KernelRows(bitmaps: bitmaps, table: table, storage: FloatStorage(), cacheBytes: cacheBytes)
            firstCount = first.count
            labels = bitmaps.indices.map { $0 < first.count ? 1 : -1 }
            diagonal = bitmaps.map { naiveKernel(kernel, gamma: gamma, $0, $0) }
            matrix = bitmaps.map { x in bitmaps.map { z in Double(Float(naiveKernel(kernel, gamma: gamma, x, z))) } }
        }

        init(kernel: SVMKernel, gamma: Double = 0.01, rowsPerClass: Int = 40, seed: UInt64 = 7, cacheBytes: Int = 1 << 24) throws {
            let digits = try scatteredDigits(classes: [4, 9], rowsPerClass: rowsPerClass, flipProbability: 0.25, seed: seed)
            self.init(
                first: Array(digits.bitmaps.prefix(rowsPerClass)), second: Array(digits.bitmaps.suffix(rowsPerClass - 3)),
                kernel: kernel, gamma: gamma, cacheBytes: cacheBytes)
        }

        func check(_ solution: SMOSolution, c: Double) -> OptimalityCheck {
            OptimalityCheck(kernelMatrix: matrix, labels: labels, signedMultipliers: solution.coefficients, c: c)
        }
    }

    let solver = SMOSolver(limits: .standard)

    @Test("solutions fulfil the optimality conditions", arguments: SVMKernel.allCases, [0.1, 1, 100])
    func optimality(kernel: SVMKernel, c: Double) throws {
        let problem = try Problem(kernel: kernel)
        let solution = try solver.solve(problem.rows, firstClassCount: problem.firstCount, c: c)
        let check = problem.check(solution, c: c)
        #expect(solution.converged)
        #expect(solution.iterationCount > 0)
        #expect(check.boxViolation == 0)
        #expect(check.balance < 1e-9 * c)
        #expect(check.gap < 1e-3 + 1e-9)
    }

    @Test("the path is that of a plain implementation of the paper, step by step", arguments: SVMKernel.allCases, [0.1, 10])
    func samePathAsTextbook(kernel: SVMKernel, c: Double) throws {
        let problem = try Problem(kernel: kernel)
        let solution = try solver.solve(problem.rows, firstClassCount: problem.firstCount, c: c)
        let textbook = TextbookSMO(kernelMatrix: problem.matrix, diagonal: problem.diagonal, labels: problem.labels, c: c)
        #expect(solution.iterationCount == textbook.iterationCount)
        for (row, label) in problem.labels.enumerated() {
            #expect(abs(solution.coefficients[row] - label * textbook.alphas[row]) < 1e-8)
        }
        #expect(abs(solution.intercept + textbook.rho) < 1e-8)
    }

    @Test("of equal rows the last is chosen, wherever it stands in its block", arguments: [8, 11])
    func ties(distinctCount: Int) throws {
        let digits = try scatteredDigits(classes: [4, 9], rowsPerClass: distinctCount, flipProbability: 0.25, seed: 10).bitmaps
        func threeTimes(_ bitmaps: ArraySlice<Bitmap>) -> [Bitmap] { Array(bitmaps) + Array(bitmaps) + Array(bitmaps) }
        let problem = Problem(
            first: threeTimes(digits[..<distinctCount]), second: threeTimes(digits[distinctCount...]), kernel: .linear, gamma: 1)
        let solution = try solver.solve(problem.rows, firstClassCount: problem.firstCount, c: 0.01)
        let textbook = TextbookSMO(kernelMatrix: problem.matrix, diagonal: problem.diagonal, labels: problem.labels, c: 0.01)
        #expect(solution.iterationCount == textbook.iterationCount)
        for (row, label) in problem.labels.enumerated() {
            #expect(abs(solution.coefficients[row] - label * textbook.alphas[row]) < 1e-12, "row \(row)")
        }
    }

    @Test("two points are separated halfway")
    func twoPoints() throws {
        var first = Bitmap.blank
        first[0] = true
        first[1] = true
        let problem = Problem(first: [first], second: [.blank], kernel: .linear, gamma: 1)
        let solution = try solver.solve(problem.rows, firstClassCount: 1, c: 10)
        // |x|^2 = 2, so that alpha = 2 / |x - 0|^2 = 1; w = x, and w.x + b = 1 gives b = -1.
        #expect(solution.coefficients == [1, -1])
        #expect(solution.intercept == -1)
        #expect(!solution.reachedC)
    }

    @Test("equal bitmaps of both classes end at the bound with the intercept between them")
    func equalBitmapsOfBothClasses() throws {
        let problem = Problem(first: [.blank, .blank], second: [.blank, .blank], kernel: .rbf, gamma: 1)
        let solution = try solver.solve(problem.rows, firstClassCount: 2, c: 3)
        #expect(solution.coefficients == [3, 3, -3, -3])
        #expect(solution.intercept == 0)
        #expect(solution.converged)
        #expect(solution.reachedC)
    }

    @Test("rows left out do not change the solution, and their violations give their decision values")
    func leftOutRows() throws {
        let digits = try scatteredDigits(classes: [4, 9], rowsPerClass: 30, flipProbability: 0.25, seed: 8).bitmaps
        let leftOut = digits.indices.map { $0 % 4 == 1 }
        let kept = digits.indices.filter { !leftOut[$0] }
        let whole = Problem(first: Array(digits[..<30]), second: Array(digits[30...]), kernel: .rbf, gamma: 0.02)
        let part = Problem(
            first: kept.filter { $0 < 30 }.map { digits[$0] }, second: kept.filter { $0 >= 30 }.map { digits[$0] }, kernel: .rbf,
            gamma: 0.02)
        let solution = try solver.solve(whole.rows, firstClassCount: 30, c: 2, leftOut: leftOut)
        let alone = try solver.solve(part.rows, firstClassCount: part.firstCount, c: 2)
        #expect(kept.map { solution.coefficients[$0] } == alone.coefficients)
        #expect(solution.intercept == alone.intercept)
        for row in digits.indices where leftOut[row] {
            #expect(solution.coefficients[row] == 0)
            var decision = solution.intercept
            for other in digits.indices { decision += solution.coefficients[other] * whole.matrix[row][other] }
            #expect(abs(whole.labels[row] - solution.violations[row] + solution.intercept - decision) < 1e-9)
        }
    }

    @Test("where no multiplier met C, a larger C gives the same solution bit for bit; where one did, it does not")
    func unreachedC() throws {
        let problem = try Problem(kernel: .rbf, gamma: 0.05)
        let small = try solver.solve(problem.rows, firstClassCount: problem.firstCount, c: 0.05)
        let large = try solver.solve(problem.rows, firstClassCount: problem.firstCount, c: 50)
        let larger = try solver.solve(problem.rows, firstClassCount: problem.firstCount, c: 5_000)
        #expect(small.reachedC)
        #expect(!large.reachedC)
        #expect(large.coefficients == larger.coefficients)
        #expect(large.intercept == larger.intercept)
        #expect(small.coefficients != large.coefficients)
    }

    @Test("a cache of two rows gives the same solution as one of all")
    func smallCache() throws {
        let whole = try Problem(kernel: .poly)
        let bounded = try Problem(kernel: .poly, cacheBytes: 0)
        let expected = try solver.solve(whole.rows, firstClassCount: whole.firstCount, c: 1)
        let found = try solver.solve(bounded.rows, firstClassCount: bounded.firstCount, c: 1)
        #expect(found.coefficients == expected.coefficients)
        #expect(found.intercept == expected.intercept)
    }

    @Test("the iteration limit stops the solver, and it says so")
    func iterationLimit() throws {
        let problem = try Problem(kernel: .rbf)
        let hasty = SMOSolver(limits: SolverLimits(iterationLimit: 3))
        let solution = try hasty.solve(problem.rows, firstClassCount: problem.firstCount, c: 1)
        #expect(solution.iterationCount == 3)
        #expect(!solution.converged)
        #expect(problem.check(solution, c: 1).boxViolation == 0)
        #expect(problem.check(solution, c: 1).gap > 1e-3)
    }
}
