import CBitKernels

/// Bounds of the solver's work; no hyperparameters: they decide when it stops and what it keeps, never where it goes.
public struct SolverLimits: Hashable, Sendable {
    /// The largest violation of the optimality conditions that is accepted, as scikit-learn's `tol`.
    public let tolerance: Double
    /// Iterations after which a machine is taken as it is and the model reported as not converged; nil for the larger of 10,000,000 and
    /// 100 a row, as in LIBSVM.
    public let iterationLimit: Int?
    /// The most memory that the kernel rows of one training may take, in bytes; two rows are kept in any case.
    public let cacheBytes: Int

    /// - Precondition: 0 < tolerance < 2, the violation at the start; at least one iteration; no negative number of bytes.
    public init(tolerance: Double = 1e-3, iterationLimit: Int? = nil, cacheBytes: Int = 200_000_000) {
        precondition(tolerance > 0 && tolerance < 2 && (iterationLimit ?? 1) >= 1 && cacheBytes >= 0)
        self.tolerance = tolerance
        self.iterationLimit = iterationLimit
        self.cacheBytes = cacheBytes
    }

    public static let standard = SolverLimits()
}

/// What C is multiplied by for the rows of each class of a two-class problem.
struct PairWeights: Hashable, Sendable {
    let first: Double
    let second: Double

    static let equal = PairWeights(first: 1, second: 1)
}

/// The solution of one two-class problem.
struct SMOSolution {
    /// y_t alpha_t of each row: 0...C for rows of the first class, -C...0 for the others, each C times the class's weight, 0 for rows left out.
    /// They sum to 0.
    var coefficients: [Double]
    /// b of the decision value sum_t coefficient_t K(x_t, x) + b.
    var intercept: Double
    /// y_t minus the decision value of row t without its intercept, for rows left out as well.
    var violations: [Double]
    var iterationCount: Int
    var converged: Bool
    /// Whether some multiplier was stopped by C on the way. Where none was, every larger C leads along the same path to the same solution.
    var reachedC: Bool
}

/// Sequential minimal optimisation of the C-SVC dual.
///
/// Minimises 1/2 sum_st a_s a_t y_s y_t K_st - sum_t a_t subject to 0 <= a_t <= C_t and sum_t y_t a_t = 0; y is +1 for the first class and -1
/// for the second, and C_t is C times the weight of the row's class. Written in the signed multipliers b_t = y_t a_t, for which labels vanish
/// from the inner loops: b_t lies in [0, C_t] or [-C_t, 0], sum b = 0, and with the violations
///
///     F_t = y_t - sum_s b_s K_st                   (-y_t times the gradient)
///
/// the optimality conditions are  max { F_t : b_t may grow } <= min { F_t : b_t may shrink }.
///
/// Each iteration chooses two rows by second-order information (Fan, Chen, Lin, "Working Set Selection Using Second Order Information for
/// Training SVM", JMLR 6, 2005, WSS 2 of section 2): i has the largest F of those that may grow, j of those that may shrink the
/// largest (F_i - F_j)^2 / (K_ii + K_jj - 2 K_ij), a curvature that is not positive being replaced by 1e-12. The pair moves by
/// (F_i - F_j) / curvature, or to the first bound in the way. It ends when the conditions hold to the tolerance.
///
/// Of several equal rows the last is chosen, as in LIBSVM, so that its path is followed where rounding allows; LIBSVM's shrinking is left
/// out: with two vectorised passes over a few hundred rows an iteration costs less than the bookkeeping would save.
struct SMOSolver {
    /// The curvature taken where it is not positive: duplicates, and kernels that are not positive semidefinite.
    private static let leastCurvature = 1e-12
    /// Iterations between looks at cancellation.
    private static let cancellationStride = 4_096

    let limits: SolverLimits

    /// Trains on the rows of a kernel matrix.
    ///
    /// - Parameters:
    ///   - firstClassCount: that many leading rows are of the first class, the others of the second.
    ///   - weights: what C is multiplied by for each of the two classes.
    ///   - leftOut: rows that take no part in training, one flag a row; their violations are computed all the same. Empty for none.
    /// - Precondition: both classes have rows that take part.
    func solve(
        _ rows: KernelRows, firstClassCount: Int, c: Double, weights: PairWeights = .equal, leftOut: [Bool] = []
    ) throws(TrainingError) -> SMOSolution {
        let paddedCount = rows.blockCount * BitmapBlocks.blockRows
        var state = State(
            rowCount: rows.rowCount, paddedCount: paddedCount, firstClassCount: firstClassCount, firstBound: c * weights.first,
            secondBound: c * weights.second, leftOut: leftOut)
        guard let start = state.startingRow else { preconditionFailure("the first class has rows") }
        // At zero F is y: every row of the first class violates most, every row of the second least.
        var extremes = bk_extremes(up_violation: 1, up_row: start, low_violation: -1)
        let iterationLimit = limits.iterationLimit ?? max(10_000_000, 100 * rows.rowCount)
        var iterationCount = 0
        var reachedC = false

        while extremes.up_violation - extremes.low_violation >= limits.tolerance && iterationCount < iterationLimit {
            if iterationCount % SMOSolver.cancellationStride == 0 && Task.isCancelled { throw .cancelled }
            let i = Int(extremes.up_row)
            let rowI = rows.row(i)
            let j = bk_smo_second_row(
                state.violations, state.lowPenalty, rows.diagonal, rowI, extremes.up_violation, rows.diagonal[i],
                SMOSolver.leastCurvature, rows.blockCount)
            guard j >= 0 else { break }
            iterationCount += 1

            let curvature = rows.diagonal[i] + rows.diagonal[j] - 2 * Double(rowI[j])
            let wanted = (state.violations[i] - state.violations[j]) / (curvature > 0 ? curvature : SMOSolver.leastCurvature)
            let move = state.move(i, j, by: wanted)
            reachedC = reachedC || move.reachedC
            extremes = bk_smo_step(
                &state.violations, state.upPenalty, state.lowPenalty, rowI, rows.row(j), move.step, rows.blockCount)
        }
        return SMOSolution(
            coefficients: Array(state.coefficients[0..<rows.rowCount]), intercept: state.intercept,
            violations: Array(state.violations[0..<rows.rowCount]), iterationCount: iterationCount,
            converged: extremes.up_violation - extremes.low_violation < limits.tolerance, reachedC: reachedC)
    }
}

extension SMOSolver {
    /// The multipliers and what follows from them; arrays along rows, filled up to whole blocks with rows that never move.
    private struct State {
        /// The largest multipliers of the two classes.
        let firstBound: Double
        let secondBound: Double
        let firstClassCount: Int
        var coefficients: [Double]
        var violations: [Double]
        /// 0 where the multiplier may grow, else minus infinity.
        var upPenalty: [Double]
        /// 0 where the multiplier may shrink, else plus infinity.
        var lowPenalty: [Double]
        /// The last row of the first class that takes part.
        let startingRow: Int?

        init(rowCount: Int, paddedCount: Int, firstClassCount: Int, firstBound: Double, secondBound: Double, leftOut: [Bool]) {
            self.firstBound = firstBound
            self.secondBound = secondBound
            self.firstClassCount = firstClassCount
            coefficients = [Double](repeating: 0, count: paddedCount)
            violations = [Double](repeating: 0, count: paddedCount)
            upPenalty = [Double](repeating: -.infinity, count: paddedCount)
            lowPenalty = [Double](repeating: .infinity, count: paddedCount)
            for row in 0..<rowCount {
                violations[row] = row < firstClassCount ? 1 : -1
                if !leftOut.isEmpty && leftOut[row] { continue }
                if row < firstClassCount { upPenalty[row] = 0 } else { lowPenalty[row] = 0 }
            }
            startingRow = upPenalty.lastIndex(of: 0)
        }

        /// Moves b_i up and b_j down by `wanted`, or by as much as their bounds allow.
        mutating func move(_ i: Int, _ j: Int, by wanted: Double) -> (step: Double, reachedC: Bool) {
            let upperI = i < firstClassCount ? firstBound : 0
            let lowerJ = j < firstClassCount ? 0 : -secondBound
            let roomI = upperI - coefficients[i]
            let roomJ = coefficients[j] - lowerJ
            let step = min(wanted, roomI, roomJ)
            // At a bound the multiplier is the bound itself, whatever the sum would round to.
            coefficients[i] = step == roomI ? upperI : coefficients[i] + step
            coefficients[j] = step == roomJ ? lowerJ : coefficients[j] - step
            upPenalty[i] = step == roomI ? -.infinity : 0
            lowPenalty[i] = 0
            lowPenalty[j] = step == roomJ ? .infinity : 0
            upPenalty[j] = 0
            let reachedC = (step == roomI && i < firstClassCount) || (step == roomJ && j >= firstClassCount)
            return (step, reachedC)
        }

        /// The mean violation of the free rows, which are on the margin; without any, the middle of what the bounded rows allow.
        var intercept: Double {
            var freeSum = 0.0
            var freeCount = 0
            var largestLow = -Double.infinity
            var smallestHigh = Double.infinity
            for row in violations.indices {
                let violation = violations[row]
                switch (upPenalty[row] == 0, lowPenalty[row] == 0) {
                case (true, true):
                    freeSum += violation
                    freeCount += 1
                case (true, false): largestLow = max(largestLow, violation)
                case (false, true): smallestHigh = min(smallestHigh, violation)
                case (false, false): break
                }
            }
            return freeCount > 0 ? freeSum / Double(freeCount) : (largestLow + smallestHigh) / 2
        }
    }
}
