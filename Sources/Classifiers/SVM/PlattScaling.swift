import CBitKernels
import Digits

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The probability of the first class given a decision value f: 1 / (1 + exp(slope f + offset)); A and B of Platt's paper.
struct PlattSigmoid: Hashable, Sendable {
    var slope: Double
    var offset: Double

    func probability(decisionValue: Double) -> Double {
        let exponent = slope * decisionValue + offset
        // The sigmoid and its mirror image, so that e is never raised to a large power.
        let small = exp(-abs(exponent))
        return (exponent >= 0 ? small : 1) / (1 + small)
    }
}

extension PlattSigmoid {
    /// Fits the sigmoid by maximum likelihood.
    ///
    /// Minimises  - sum_t  q_t log p_t + (1 - q_t) log(1 - p_t)  with p_t the sigmoid at f_t. The targets q are not 1 and 0 but
    /// (N+ + 1) / (N+ + 2) and 1 / (N- + 2), which keeps the sigmoid finite on separable data. Newton's method with backtracking, with
    /// the constants of Lin, Lin, Weng, "A Note on Platt's Probabilistic Outputs for Support Vector Machines", Machine Learning 68, 2007.
    /// - Parameters:
    ///   - decisionValues: f of each row.
    ///   - firstClassCount: that many leading rows are of the first class, the others of the second.
    init(decisionValues: [Double], firstClassCount: Int) {
        let firstCount = Double(firstClassCount)
        let secondCount = Double(decisionValues.count - firstClassCount)
        let firstTarget = (firstCount + 1) / (firstCount + 2)
        let secondTarget = 1 / (secondCount + 2)
        let rows = decisionValues.enumerated().map { row, value in
            (value: value, target: row < firstClassCount ? firstTarget : secondTarget)
        }
        self.init(slope: 0, offset: log((secondCount + 1) / (firstCount + 1)))
        var loss = negativeLogLikelihood(rows)

        for _ in 0..<100 {
            // The ridge keeps the Hessian positive definite where all decision values are equal.
            var slopeSlope = 1e-12
            var offsetOffset = 1e-12
            var slopeOffset = 0.0
            var slopeGradient = 0.0
            var offsetGradient = 0.0
            for (value, target) in rows {
                let probability = probability(decisionValue: value)
                let variance = probability * (1 - probability)
                slopeSlope += value * value * variance
                offsetOffset += variance
                slopeOffset += value * variance
                slopeGradient += value * (target - probability)
                offsetGradient += target - probability
            }
            if abs(slopeGradient) < 1e-5 && abs(offsetGradient) < 1e-5 { return }

            let determinant = slopeSlope * offsetOffset - slopeOffset * slopeOffset
            let slopeStep = -(offsetOffset * slopeGradient - slopeOffset * offsetGradient) / determinant
            let offsetStep = -(slopeSlope * offsetGradient - slopeOffset * slopeGradient) / determinant
            let descent = slopeGradient * slopeStep + offsetGradient * offsetStep
            var stepLength = 1.0
            while true {
                let tried = PlattSigmoid(slope: slope + stepLength * slopeStep, offset: offset + stepLength * offsetStep)
                let triedLoss = tried.negativeLogLikelihood(rows)
                if triedLoss < loss + 1e-4 * stepLength * descent {
                    self = tried
                    loss = triedLoss
                    break
                }
                stepLength /= 2
                // No shorter step helps: rounding has the last word, and the sigmoid stays where it is.
                if stepLength < 1e-10 { return }
            }
        }
    }

    private func negativeLogLikelihood(_ rows: [(value: Double, target: Double)]) -> Double {
        rows.reduce(0) { sum, row in
            let exponent = slope * row.value + offset
            // log(1 + exp(x)) and its mirror image, so that the power stays below 1.
            return exponent >= 0
                ? sum + row.target * exponent + log1p(exp(-exponent))
                : sum + (row.target - 1) * exponent + log1p(exp(exponent))
        }
    }
}

/// Decision values of rows by machines that have not seen them: what sigmoids are fitted on, for those of the training itself
/// are too good.
enum CrossValidatedDecisions {
    private static let foldCount = 5

    /// The decision value of each row by the machine trained on the four fifths that it is not in.
    ///
    /// As LIBSVM's `svm_binary_svc_probability`: folds are equal slices of a random order; where a training part lacks a class the
    /// values are 1 or -1 for the class that is there, 0 where nothing is. The solver knows the values of the rows held out already, from kernel
    /// values in single precision; where their rounding could add up to more than the solver's tolerance, the values are computed anew in double.
    static func values(
        _ rows: KernelRows, firstClassCount: Int, c: Double, weights: PairWeights = .equal, solver: SMOSolver, stream: inout RandomStream
    ) throws(TrainingError) -> [Double] {
        var order = Array(0..<rows.rowCount)
        stream.shuffle(&order)
        var values = [Double](repeating: 0, count: rows.rowCount)
        for fold in 0..<foldCount {
            let held = order[fold * order.count / foldCount..<(fold + 1) * order.count / foldCount]
            var leftOut = [Bool](repeating: false, count: rows.rowCount)
            for row in held { leftOut[row] = true }
            let firstTrains = leftOut[..<firstClassCount].contains(false)
            let secondTrains = leftOut[firstClassCount...].contains(false)
            if firstTrains && secondTrains {
                let solution = try solver.solve(
                    rows, firstClassCount: firstClassCount, c: c, weights: weights, leftOut: leftOut)
                let isRough = roundingBound(solution, rows) > solver.limits.tolerance
                for row in held {
                    // F is y minus the decision value without its intercept.
                    values[row] =
                        isRough
                        ? exactValue(solution, rows, row) : (row < firstClassCount ? 1 : -1) - solution.violations[row] + solution.intercept
                }
            } else {
                for row in held { values[row] = firstTrains ? 1 : secondTrains ? -1 : 0 }
            }
        }
        return values
    }

    /// The most by which a decision value can be wrong where each kernel value is rounded to single precision.
    private static func roundingBound(_ solution: SMOSolution, _ rows: KernelRows) -> Double {
        let largestKernel = rows.diagonal.reduce(0) { max($0, $1.magnitude) }
        return solution.coefficients.reduce(0) { $0 + $1.magnitude } * largestKernel * Double(Float.ulpOfOne) / 2
    }

    private static func exactValue(_ solution: SMOSolution, _ rows: KernelRows, _ row: Int) -> Double {
        solution.coefficients.enumerated().reduce(solution.intercept) { sum, term in
            term.element == 0 ? sum : sum + term.element * rows.exactValue(row, term.offset)
        }
    }
}

/// The sigmoids of all machines of a model, laid out to be computed eight at a time.
struct SigmoidBank: Sendable {
    private let slopes: [Double]
    private let offsets: [Double]

    /// - Precondition: at most 45 sigmoids.
    init(_ sigmoids: [PlattSigmoid]) {
        let filling = [Double](repeating: 0, count: SVMPredictor.DecisionValues.count - sigmoids.count)
        slopes = sigmoids.map(\.slope) + filling
        offsets = sigmoids.map(\.offset) + filling
    }

    /// The probability of the first class of each pair; 0.5 past the last machine.
    func probabilities(_ decisions: SVMPredictor.DecisionValues) -> SVMPredictor.DecisionValues {
        var probabilities = SVMPredictor.DecisionValues(repeating: 0)
        var output = probabilities.mutableSpan
        let input = decisions.span
        output.withUnsafeMutableBufferPointer { output in
            input.withUnsafeBufferPointer { input in
                bk_sigmoids(input.baseAddress, slopes, offsets, slopes.count / BitmapBlocks.blockRows, output.baseAddress)
            }
        }
        return probabilities
    }
}
