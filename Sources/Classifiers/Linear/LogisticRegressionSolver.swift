import CBitKernels
import Digits

/// Logistic regression on bits, all classes against their rests at once, by Newton's method with conjugate gradients.
///
/// For each class the machine minimises, over the weights of 256 pixels and an intercept, together v,
///
///     f(v) = 1/2 v.v + C sum_i log(1 + exp(-y_i v.x_i)),
///
/// x_i being row i and a feature that is 1 in every row, and y_i +1 for the rows of the class and -1 for all others. As in LIBLINEAR the
/// intercept is drawn to zero like every weight. f is strictly convex: there is one solution, and the seed decides nothing.
///
/// A step is v + t d with t = 1, 1/2, 1/4 …, the first that lowers f by a hundredth of -t g.d; d solves H d = -g, where
///
///     g = v - C sum_i q_i y_i x_i,    H = I + C sum_i q_i (1 - q_i) x_i x_i^T,    q_i = 1 / (1 + exp(y_i v.x_i)).
///
/// H is never formed: d comes from conjugate gradients, each of them one product with X and one with its transpose, which end when the rest
/// of the equation is min(0.3, sqrt(|g| / |g_0|)) of g, and no less than 1e-5, g_0 being g at the start, v = 0. Newton, conjugate gradients
/// and products: Lin, Weng, Keerthi, "Trust Region Newton Method for Large-Scale Logistic Regression", JMLR 9 (2008), sections 2 and 3.
/// Departures from it:
///
/// - A line search keeps the steps in bounds instead of a trust region: Galli, Lin, "A Study on Truncated Newton Methods for Linear
///   Classification", IEEE TNNLS 33 (2022), section III. X d is known, so that trying a shorter step costs no product.
/// - The diagonal of H preconditions the conjugate gradients, one more product a step.
/// - Products within the conjugate gradients are in single precision, which is more than a direction that solves H d = -g only roughly
///   needs; f, g and the points are in double precision, and decide where a machine ends.
/// - The machines of all classes go side by side, a lane each: a product reads the bits once for all of them, and adds sums of four vectors
///   computed beforehand in place of single ones. A machine that has ended, or whose equation is solved, waits for the others:
///   each takes the steps that it would take alone.
///
/// A machine ends when |g| <= tolerance x (rows of the rarer side / rows) x |g_0|, LIBLINEAR's rule, or when what a step promises is lost
/// in the rounding of f. The rest of the equation shrinks with g, so that the last step overshoots the tolerance.
struct LogisticRegressionSolver {
    private typealias Lanes = LaneMatrix.Lanes

    /// The machines, and how they came about.
    struct Solution {
        /// Machines x 256.
        var weights: [Double]
        /// One a machine.
        var intercepts: [Double]
        /// Newton's steps of each machine.
        var iterationCounts: [Int]
        /// Conjugate gradients of the machine with the most, summed over Newton's steps.
        var conjugateStepCount: Int
        /// Whether each machine ended before the limit of iterations.
        var converged: [Bool]
    }

    private static let sufficientDecrease = 0.01
    /// Of the gradient. Products in single precision do not know smaller remainders.
    private static let remainders = 1e-5...0.3
    /// In exact arithmetic there are as many as features.
    private static let conjugateStepLimit = 4 * BitMatrix.featureCount
    /// Lengths of a step.
    private static let trialLimit = 30
    /// Of f: rounding in its sum over the rows hides smaller gains.
    private static let hiddenGain = 1e-12

    private let matrix: BitMatrix
    /// Of each row, the position of its class.
    private let machines: [UInt8]
    private let classSizes: [Int]
    /// Of each machine, the norm of the gradient that ends it, in units of that at the start.
    private let tolerances: [Double]
    private let parameters: LogisticRegressionParameters

    init(_ rows: RowsByClass, parameters: LogisticRegressionParameters) {
        matrix = BitMatrix(rows.bitmaps)
        classSizes = rows.classes.indices.map { rows.range(ofClass: $0).count }
        machines = classSizes.enumerated().flatMap { [UInt8](repeating: UInt8($0.offset), count: $0.element) }
        let rowCount = machines.count
        tolerances = classSizes.map { parameters.tolerance * Double(min($0, rowCount - $0)) / Double(rowCount) }
        self.parameters = parameters
    }

    /// The losses at decision values v.x of every row, and their derivatives by these values.
    private struct Losses {
        var values: LaneMatrix
        /// C times the first derivatives.
        var residuals: LaneMatrix
        /// Second derivatives, without C.
        var curvatures: [Float]
        /// C times the sum over the rows.
        var sums = LaneMatrix(rowCount: 1)
    }

    /// - Throws: `TrainingError.cancelled`, within one of Newton's steps.
    func solve() throws(TrainingError) -> Solution {
        let rowMatrix = matrix.rowMatrix()
        var point = LaneMatrix(rowCount: BitMatrix.featureCount)
        var values = rowMatrix
        var slopes = rowMatrix
        var losses = Losses(values: rowMatrix, residuals: rowMatrix, curvatures: matrix.singleNumbers())
        step(from: values, along: slopes, lengths: .zero, to: &losses)
        var running = classSizes.map { _ in true }
        var converged = classSizes.map { _ in false }
        var iterationCounts = classSizes.map { _ in 0 }
        var conjugateStepCount = 0
        var startNorms = Lanes.zero
        for iteration in 0...parameters.iterationLimit {
            if Task.isCancelled { throw .cancelled }
            var gradient = point
            matrix.addTransposedProduct(losses.residuals, to: &gradient)
            let norms = gradient.dot(gradient).squareRoot()
            if iteration == 0 { startNorms = norms }
            for machine in running.indices where running[machine] && norms[machine] <= tolerances[machine] * startNorms[machine] {
                running[machine] = false
                converged[machine] = true
            }
            if !running.contains(true) || iteration == parameters.iterationLimit { break }
            var goals = Lanes.zero
            for machine in running.indices {
                let shrinkage = norms[machine] / startNorms[machine]
                let remainder = min(LogisticRegressionSolver.remainders.upperBound, shrinkage.squareRoot())
                goals[machine] = max(LogisticRegressionSolver.remainders.lowerBound, remainder) * norms[machine]
            }
            let newton = direction(gradient, curvatures: losses.curvatures, goals: goals, running: running)
            conjugateStepCount += newton.conjugateStepCount
            for machine in running.indices where running[machine] { iterationCounts[machine] += 1 }
            matrix.multiply(newton.direction, into: &slopes)
            let objective = point.dot(point) / 2 + losses.sums[0]
            let promises = gradient.dot(newton.direction)
            for machine in running.indices where running[machine] {
                // Too close for f to judge the step, which is a good one for that very reason: the last.
                converged[machine] = -promises[machine] <= LogisticRegressionSolver.hiddenGain * objective[machine]
            }
            let lengths = search(
                from: point, values, objective: objective, along: newton.direction, slopes, promises: promises,
                running: running, judged: zip(running, converged).map { $0 && !$1 }, losses: &losses)
            for machine in running.indices where converged[machine] { running[machine] = false }
            point.add(lengths, times: newton.direction)
            swap(&values, &losses.values)
        }
        return Solution(
            weights: classSizes.indices.flatMap { machine in (0..<Bitmap.pixelCount).map { point[$0][machine] } },
            intercepts: classSizes.indices.map { point[Bitmap.pixelCount][$0] },
            iterationCounts: iterationCounts, conjugateStepCount: conjugateStepCount, converged: converged)
    }

    /// The longest of the lengths 1, 1/2, 1/4 … that lower f enough, and the losses there; 0 for machines that do not run.
    ///
    /// - Parameters:
    ///   - objective: f at the start.
    ///   - promises: g.d, the slopes of f at the start: not positive.
    ///   - judged: the running machines that f can judge; all others go the whole step.
    private func search(
        from point: LaneMatrix, _ values: LaneMatrix, objective: Lanes, along direction: LaneMatrix, _ slopes: LaneMatrix, promises: Lanes,
        running: [Bool], judged: [Bool], losses: inout Losses
    ) -> Lanes {
        let start = point.dot(point)
        let mixed = point.dot(direction)
        let square = direction.dot(direction)
        var lengths = Lanes.zero
        for machine in running.indices where running[machine] { lengths[machine] = 1 }
        var searching = judged
        for trial in 1...LogisticRegressionSolver.trialLimit {
            step(from: values, along: slopes, lengths: lengths, to: &losses)
            let objectives = (start + lengths * (2 * mixed + lengths * square)) / 2 + losses.sums[0]
            let wanted = objective + LogisticRegressionSolver.sufficientDecrease * lengths * promises
            for machine in searching.indices where objectives[machine] <= wanted[machine] { searching[machine] = false }
            if !searching.contains(true) || trial == LogisticRegressionSolver.trialLimit { break }
            for machine in searching.indices where searching[machine] { lengths[machine] /= 2 }
        }
        return lengths
    }

    /// Moves the values of every row and computes the losses there.
    private func step(from values: LaneMatrix, along slopes: LaneMatrix, lengths: Lanes, to losses: inout Losses) {
        let lengths = LaneMatrix(repeating: lengths, rowCount: 1)
        values.withNumbers { values in
            slopes.withNumbers { slopes in
                lengths.withNumbers { lengths in
                    losses.values.withMutableNumbers { moved in
                        losses.residuals.withMutableNumbers { residuals in
                            losses.sums.withMutableNumbers { sums in
                                bk_logistic_step(
                                    values, slopes, lengths, machines, machines.count, parameters.c, moved, residuals, &losses.curvatures,
                                    sums)
                            }
                        }
                    }
                }
            }
        }
    }

    /// About -H^-1 g.
    ///
    /// - Parameter goals: the norms of the rest of the equation that are small enough.
    private func direction(
        _ gradient: LaneMatrix, curvatures: [Float], goals: Lanes, running: [Bool]
    ) -> (direction: LaneMatrix, conjugateStepCount: Int) {
        var inverses = LaneMatrix(repeating: .one, rowCount: BitMatrix.featureCount)
        inverses.add(Lanes(repeating: parameters.c), times: matrix.curvatureDiagonal(curvatures))
        inverses.invert()
        var direction = LaneMatrix(rowCount: BitMatrix.featureCount)
        var rest = gradient
        rest.negate()
        var search = rest
        search.multiply(by: inverses)
        var energies = LaneMatrix(repeating: rest.dot(search), rowCount: 1)
        var norms = LaneMatrix(rowCount: 1)
        var solving = [UInt8](repeating: 0, count: Lanes.scalarCount)
        for machine in running.indices where running[machine] { solving[machine] = 1 }
        var image = matrix.singleNumbers()
        var product = LaneMatrix(rowCount: BitMatrix.featureCount)
        for stepCount in 1... {
            matrix.multiplyByCurvature(curvatures, search, image: &image, into: &product)
            product.withNumbers { product in
                inverses.withNumbers { inverses in
                    direction.withMutableNumbers { direction in
                        rest.withMutableNumbers { rest in
                            search.withMutableNumbers { search in
                                energies.withMutableNumbers { energies in
                                    norms.withMutableNumbers { norms in
                                        bk_conjugate_step(
                                            product, parameters.c, inverses, BitMatrix.featureCount, solving, direction, rest, search,
                                            energies, norms)
                                    }
                                }
                            }
                        }
                    }
                }
            }
            let lengths = norms[0].squareRoot()
            for machine in running.indices where lengths[machine] <= goals[machine] { solving[machine] = 0 }
            if !solving.contains(1) || stepCount == LogisticRegressionSolver.conjugateStepLimit { return (direction, stepCount) }
        }
        preconditionFailure("the loop ends by returning")
    }
}
