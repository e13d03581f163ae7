import CBitKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Two-class logistic regression on bits by Newton's method.
///
/// Minimises, over the weights w of 256 pixels and the intercept b,
///
///     f(w, b) = 1/2 (w.w + b^2) + C sum_i log(1 + exp(-y_i (w.x_i + b)))
///
/// with y +1 for the rows of one class and -1 for all others. As in LIBLINEAR the intercept is the weight of a feature that is 1 in every row,
/// and is drawn to zero like the others. The problem is strictly convex: there is one solution, and the seed decides nothing.
///
/// A step goes along the d that solves H d = -g, with
///
///     g = v - C sum_i y_i p_i x_i,    H = 1 + C sum_i p_i (1 - p_i) x_i x_i^T,    p_i = 1 / (1 + exp(y_i (w.x_i + b))),
///
/// x being here the row with its 1 and v the weights with the intercept. H is never made: the equation is solved by conjugate gradients,
/// preconditioned by the diagonal of H, as far as the remainder is min(0.3, sqrt(|g| / |g_0|)) of g; a product with H is one pass over the bits
/// for X d and one for X^T r. The step is halved until f falls by a hundredth of what the gradient promises. Lin, Weng, Keerthi,
/// "Trust Region Newton Method for Large-Scale Logistic Regression", JMLR 9 (2008), sections 2 and 4; the line search in place of the trust region
/// as in Galli, Lin, "A Study on Truncated Newton Methods for Linear Classification", IEEE TNNLS 33 (2022), section III, and in
/// LIBLINEAR since 2.40.
///
/// It ends when |g| is no more than tolerance x (rows of the rarer class / rows) x |g_0|, g_0 being the gradient at zero: LIBLINEAR's rule.
struct LogisticRegressionSolver {
    /// Weights of the pixels and the intercept, and how they came about.
    struct Solution {
        var weights: [Double]
        var intercept: Double
        var iterationCount: Int
        var converged: Bool
    }

    private static let sufficientDecrease = 0.01
    private static let steepestRemainder = 0.3
    private static let conjugateStepLimit = 1_000
    private static let halvingLimit = 30

    private let rows: RowsByClass
    private let c: Double
    private let tolerance: Double
    private let iterationLimit: Int
    /// Rows, filled up to whole blocks of the C loops with rows that weigh nothing.
    private let paddedCount: Int

    init(_ rows: RowsByClass, parameters: LogisticRegressionParameters) {
        self.rows = rows
        c = parameters.c
        tolerance = parameters.tolerance
        iterationLimit = parameters.iterationLimit
        let block = Int(BK_BLOCK_ROWS)
        paddedCount = (rows.bitmaps.count + block - 1) / block * block
    }

    /// The machine that tells one class from the rest.
    ///
    /// - Parameter position: of the class in `rows.classes`.
    /// - Throws: `TrainingError.cancelled`.
    func solve(position: Int) throws(TrainingError) -> Solution {
        let count = rows.bitmaps.count
        let own = rows.range(ofClass: position)
        var signs = [Double](repeating: 0, count: paddedCount)
        for row in 0..<count { signs[row] = own.contains(row) ? 1 : -1 }
        var point = LinearTerms.zero
        var margins = [Double](repeating: 0, count: paddedCount)
        var loss = loss(point, margins, signs)
        var gradientAtZero = 0.0
        for iteration in 0...iterationLimit {
            if Task.isCancelled { throw .cancelled }
            let misses = misses(margins, signs)
            let gradient = gradient(at: point, misses: misses, signs: signs)
            let size = gradient.norm
            if iteration == 0 { gradientAtZero = size }
            let rarer = Double(min(own.count, count - own.count)) / Double(count)
            if size <= tolerance * rarer * gradientAtZero {
                return Solution(weights: point.weights, intercept: point.intercept, iterationCount: iteration, converged: true)
            }
            if iteration == iterationLimit { break }
            let curvatures = misses.map { $0 * (1 - $0) }
            let remainder = min(LogisticRegressionSolver.steepestRemainder, (size / gradientAtZero).squareRoot())
            let direction = direction(gradient, curvatures: curvatures, remainder: remainder)
            let slopes = products(direction)
            let promise = gradient.dot(direction)
            guard
                let step = step(
                    from: point, margins, along: direction, slopes, signs: signs, loss: loss, promise: promise)
            else {
                // Rounding hides what is left to gain: as near as numbers of this precision come.
                return Solution(weights: point.weights, intercept: point.intercept, iterationCount: iteration, converged: true)
            }
            point.add(step.length, times: direction)
            for row in 0..<count { margins[row] += step.length * slopes[row] }
            loss = step.loss
        }
        return Solution(weights: point.weights, intercept: point.intercept, iterationCount: iterationLimit, converged: false)
    }

    /// The longest of 1, 1/2, 1/4 … that lowers f enough, and f there.
    private func step(
        from point: LinearTerms, _ margins: [Double], along direction: LinearTerms, _ slopes: [Double], signs: [Double], loss: Double,
        promise: Double
    ) -> (length: Double, loss: Double)? {
        var length = 1.0
        for _ in 0..<LogisticRegressionSolver.halvingLimit {
            var candidate = point
            candidate.add(length, times: direction)
            let moved = zip(margins, slopes).map { $0 + length * $1 }
            let candidateLoss = self.loss(candidate, moved, signs)
            if candidateLoss <= loss + LogisticRegressionSolver.sufficientDecrease * length * promise { return (length, candidateLoss) }
            length /= 2
        }
        return nil
    }

    /// f at a point, given its w.x + b for every row.
    private func loss(_ point: LinearTerms, _ margins: [Double], _ signs: [Double]) -> Double {
        var sum = 0.0
        for row in rows.bitmaps.indices {
            let margin = margins[row] * signs[row]
            // e is never raised to a large power.
            sum += log1p(exp(-abs(margin))) + max(-margin, 0)
        }
        return point.dot(point) / 2 + c * sum
    }

    /// p of every row: how probable its other side is taken to be.
    private func misses(_ margins: [Double], _ signs: [Double]) -> [Double] {
        let offsets = [Double](repeating: 0, count: paddedCount)
        return [Double](unsafeUninitializedCapacity: paddedCount) { buffer, initializedCount in
            bk_sigmoids(margins, signs, offsets, paddedCount / Int(BK_BLOCK_ROWS), buffer.baseAddress)
            initializedCount = paddedCount
        }
    }

    private func gradient(at point: LinearTerms, misses: [Double], signs: [Double]) -> LinearTerms {
        var gradient = transposedProducts(zip(misses, signs).map { -c * $0 * $1 })
        gradient.add(1, times: point)
        return gradient
    }

    /// About -H^-1 g.
    private func direction(_ gradient: LinearTerms, curvatures: [Double], remainder: Double) -> LinearTerms {
        let weighted = curvatures.map { $0 * c }
        var diagonal = transposedProducts(weighted)
        diagonal.addToEach(1)
        var solution = LinearTerms.zero
        var residual = gradient
        residual.scale(by: -1)
        let goal = remainder * gradient.norm
        var preconditioned = residual.divided(by: diagonal)
        var search = preconditioned
        var energy = residual.dot(preconditioned)
        for _ in 0..<LogisticRegressionSolver.conjugateStepLimit {
            let product = hessianProduct(search, weighted: weighted)
            let length = energy / search.dot(product)
            solution.add(length, times: search)
            residual.add(-length, times: product)
            if residual.norm <= goal { break }
            preconditioned = residual.divided(by: diagonal)
            let next = residual.dot(preconditioned)
            search.scale(by: next / energy)
            search.add(1, times: preconditioned)
            energy = next
        }
        return solution
    }

    /// H times a direction, in single precision: what is wrong with it is a thousandth of the remainder that is left anyway.
    private func hessianProduct(_ terms: LinearTerms, weighted: [Double]) -> LinearTerms {
        let count = rows.bitmaps.count
        let weights = terms.weights.map { Float($0) }
        var image = [Float](repeating: 0, count: count)
        var sums = [Float](repeating: 0, count: weights.count)
        rows.withWords(of: rows.bitmaps.indices) { words in
            bk_sum_values_single(words, weights, count, &image)
            for row in 0..<count { image[row] = Float(weighted[row] * (Double(image[row]) + terms.intercept)) }
            bk_sum_factors_single(words, image, count, &sums)
        }
        var product = terms
        for pixel in sums.indices { product.weights[pixel] += Double(sums[pixel]) }
        product.intercept += image.reduce(0.0) { $0 + Double($1) }
        return product
    }

    /// w.x + b of every row, 0 for the filling.
    private func products(_ terms: LinearTerms) -> [Double] {
        var products = [Double](repeating: 0, count: paddedCount)
        rows.withWords(of: rows.bitmaps.indices) { bk_sum_values($0, terms.weights, rows.bitmaps.count, &products) }
        for row in rows.bitmaps.indices { products[row] += terms.intercept }
        return products
    }

    /// The sum over rows of r_i x_i.
    private func transposedProducts(_ factors: [Double]) -> LinearTerms {
        var terms = LinearTerms.zero
        terms.intercept = rows.withWords(of: rows.bitmaps.indices) {
            bk_sum_weights($0, factors, rows.bitmaps.count, &terms.weights)
        }
        return terms
    }
}
