import Digits

/// Two-class machines for every two classes, as numbers: what a model document stores and prediction is laid out from.
struct OneVersusOneMachines: Sendable {
    /// Digits, ascending; at least two.
    var classes: [UInt8]
    /// Training rows with a multiplier in some machine, class after class.
    var supportVectors: [Bitmap]
    /// Support vectors of each class.
    var supportCounts: [Int]
    /// (classes - 1) x support vectors, row after row. A support vector of class c takes part in the machines of c with each other
    /// class; row m is its multiplier, signed, in the machine with the m-th of the others in ascending order. (LIBSVM's `sv_coef`.)
    var dualCoefficients: [Double]
    /// One a machine, in the order of `ClassPairs`; minus LIBSVM's rho.
    var intercepts: [Double]
}

/// The pairs of k classes in their order everywhere: (0, 1), (0, 2) … (0, k - 1), (1, 2) …; the first of a pair is the positive class.
enum ClassPairs {
    static func count(classes: Int) -> Int { classes * (classes - 1) / 2 }

    static func all(classes: Int) -> [(first: Int, second: Int)] {
        (0..<classes).flatMap { first in (first + 1..<classes).map { (first, $0) } }
    }
}

/// Trains the machines of all pairs of classes on some rows of a data set.
struct OneVersusOneTrainer {
    /// The machines trained with one value of C, and how their training went.
    struct Outcome {
        var machines: OneVersusOneMachines
        var iterationCount: Int
        var unconvergedCount: Int
        /// One sigmoid a machine where they were asked for.
        var sigmoids: [PlattSigmoid]

        /// These machines, where all of their numbers are finite.
        ///
        /// Values of the polynomial kernel overflow where gamma is large, and what the solver makes of them is no solution. scikit-learn's
        /// `SVC.fit` refuses it likewise: "The dual coefficients or intercepts are not finite."
        /// - Throws: `TrainingError.noSolution`.
        func requiringFiniteNumbers() throws(TrainingError) -> Outcome {
            guard machines.dualCoefficients.allSatisfy(\.isFinite), machines.intercepts.allSatisfy(\.isFinite) else {
                throw .noSolution(
                    reason: "multipliers or intercepts are not finite; a smaller gamma, degree or coef0 keeps the kernel from overflowing")
            }
            guard sigmoids.allSatisfy({ $0.slope.isFinite && $0.offset.isFinite }) else {
                throw .noSolution(
                    reason: "the probabilities' sigmoids are not finite; a smaller gamma, degree or coef0 keeps the kernel from overflowing"
                )
            }
            return self
        }

        var report: TrainingReport {
            TrainingReport(
                converged: unconvergedCount == 0,
                measures: [
                    "iterations": Double(iterationCount), "support_vectors": Double(machines.supportVectors.count),
                    "unconverged_machines": Double(unconvergedCount),
                ])
        }
    }

    /// Gamma as a number.
    let gamma: Double
    let table: KernelTable
    let limits: SolverLimits
    /// The digits of the training rows, ascending.
    let classes: [UInt8]
    /// The training bitmaps of each class, in the order of the rows.
    private let bitmapsOfClass: [[Bitmap]]
    /// What C is multiplied by for each class.
    private let weightOfClass: [Double]

    /// - Throws: `TrainingError.rowOutOfRange`, `.tooFewClasses`.
    init(_ dataset: DigitDataset, rows: [Int], parameters: SVMParameters, limits: SolverLimits) throws(TrainingError) {
        let sorted = try RowsByClass(dataset, rows: rows)
        classes = sorted.classes
        bitmapsOfClass = sorted.classes.indices.map { Array(sorted.bitmaps[sorted.range(ofClass: $0)]) }
        gamma = parameters.resolvedGamma(dataset, rows: rows)
        table = KernelTable(parameters.kernelFunction(gamma: gamma))
        weightOfClass = parameters.weights(rowCounts: bitmapsOfClass.map(\.count))
        self.limits = limits
    }

    /// The machines for each C.
    ///
    /// All C share the kernel rows of a pair. They are solved in ascending order: once no multiplier was stopped by C, the larger ones
    /// have the same solution, bit for bit, without being solved.
    /// - Parameters:
    ///   - costs: values of C, ascending.
    ///   - sigmoidSeed: where given, sigmoids are fitted on cross-validated decision values of folds drawn with this seed.
    func train(costs: [Double], sigmoidSeed: UInt64? = nil) throws(TrainingError) -> [Outcome] {
        let storage = FloatStorage()
        let solver = SMOSolver(limits: limits)
        var assemblies = costs.map { _ in Assembly(bitmapsOfClass: bitmapsOfClass) }
        for (number, pair) in ClassPairs.all(classes: classes.count).enumerated() {
            if Task.isCancelled { throw .cancelled }
            let firstCount = bitmapsOfClass[pair.first].count
            let rows = KernelRows(
                bitmaps: bitmapsOfClass[pair.first] + bitmapsOfClass[pair.second], table: table, storage: storage,
                cacheBytes: limits.cacheBytes)
            let weights = PairWeights(first: weightOfClass[pair.first], second: weightOfClass[pair.second])
            var unlimited: SMOSolution?
            for (index, c) in costs.enumerated() {
                let solution: SMOSolution
                if let unlimited {
                    solution = unlimited
                } else {
                    solution = try solver.solve(rows, firstClassCount: firstCount, c: c, weights: weights)
                    if !solution.reachedC { unlimited = solution }
                }
                assemblies[index].add(solution, pair: pair)
                if let sigmoidSeed {
                    var stream = RandomStream(seed: sigmoidSeed, purpose: .probabilityFolds, index: number)
                    let decisions = try CrossValidatedDecisions.values(
                        rows, firstClassCount: firstCount, c: c, weights: weights, solver: solver, stream: &stream)
                    assemblies[index].sigmoids.append(PlattSigmoid(decisionValues: decisions, firstClassCount: firstCount))
                }
            }
        }
        return assemblies.map { $0.outcome(classes: classes, bitmapsOfClass: bitmapsOfClass) }
    }
}

extension OneVersusOneTrainer {
    /// Collects the machines of one C.
    private struct Assembly {
        /// For each class (classes - 1) x its training rows.
        private var coefficients: [[Double]]
        private var intercepts: [Double] = []
        private var iterationCount = 0
        private var unconvergedCount = 0
        var sigmoids: [PlattSigmoid] = []

        init(bitmapsOfClass: [[Bitmap]]) {
            coefficients = bitmapsOfClass.map { [Double](repeating: 0, count: $0.count * (bitmapsOfClass.count - 1)) }
        }

        mutating func add(_ solution: SMOSolution, pair: (first: Int, second: Int)) {
            let classCount = coefficients.count
            let firstCount = coefficients[pair.first].count / (classCount - 1)
            let secondCount = coefficients[pair.second].count / (classCount - 1)
            // Of the first class's others the second is number second - 1, of the second class's others the first is number first.
            for row in 0..<firstCount {
                coefficients[pair.first][(pair.second - 1) * firstCount + row] = solution.coefficients[row]
            }
            for row in 0..<secondCount {
                coefficients[pair.second][pair.first * secondCount + row] = solution.coefficients[firstCount + row]
            }
            intercepts.append(solution.intercept)
            iterationCount += solution.iterationCount
            if !solution.converged { unconvergedCount += 1 }
        }

        func outcome(classes: [UInt8], bitmapsOfClass: [[Bitmap]]) -> Outcome {
            let otherCount = classes.count - 1
            let supportRows = classes.indices.map { index in
                let rowCount = bitmapsOfClass[index].count
                return (0..<rowCount).filter { row in
                    (0..<otherCount).contains { coefficients[index][$0 * rowCount + row] != 0 }
                }
            }
            var dualCoefficients: [Double] = []
            dualCoefficients.reserveCapacity(otherCount * supportRows.reduce(0) { $0 + $1.count })
            for other in 0..<otherCount {
                for index in classes.indices {
                    let rowCount = bitmapsOfClass[index].count
                    for row in supportRows[index] { dualCoefficients.append(coefficients[index][other * rowCount + row]) }
                }
            }
            let machines = OneVersusOneMachines(
                classes: classes, supportVectors: classes.indices.flatMap { index in supportRows[index].map { bitmapsOfClass[index][$0] } },
                supportCounts: supportRows.map(\.count), dualCoefficients: dualCoefficients, intercepts: intercepts)
            return Outcome(
                machines: machines, iterationCount: iterationCount, unconvergedCount: unconvergedCount, sigmoids: sigmoids)
        }
    }
}
