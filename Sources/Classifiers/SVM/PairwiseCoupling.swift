import Digits

/// One distribution over k classes from the probabilities of every two of them.
///
/// Given r_ij, the probability of class i if the class is i or j, this is the p that minimises
///
///     sum_i sum_{j != i} (r_ji p_i - r_ij p_j)^2     subject to     sum_i p_i = 1
///
/// Wu, Lin, Weng, "Probability Estimates for Multi-class Classification by Pairwise Coupling", JMLR 5, 2004, the second
/// method (section 4). The sum is p^T Q p twice, with Q_ii = sum_{s != i} r_si^2 and Q_ij = -r_ji r_ij. LIBSVM iterates; here the optimality
/// conditions Q p = -b e, e^T p = 1 (theirs, equation 21) are solved directly: adding e (e^T p) = e to both sides makes them
/// (Q + e e^T) p = (1 - b) e, so that p is (Q + e e^T)^-1 e divided by its sum.
///
/// Q + e e^T is positive definite, and Cholesky's factorisation needs no pivots: x^T Q x is the sum over pairs of
/// (r_ji x_i - r_ij x_j)^2, which vanishes only where r_ji x_i = r_ij x_j for all pairs. All r being positive, such an x is zero or has elements of one
/// sign only, and then e^T x is not 0. That the minimum has no negative element is the paper's theorem 2; rounding may
/// bring -1e-17, which is taken as 0.
enum PairwiseCoupling {
    /// Pairwise probabilities are kept this far from 0 and 1, as in LIBSVM.
    static let leastProbability = 1e-7

    /// The coupled probabilities of k classes, 2...10; elements past k are 0.
    ///
    /// - Parameter pairwise: r_ij at position 10 i + j, in (0, 1), r_ij + r_ji = 1; the diagonal is not read.
    static func probabilities(pairwise: InlineArray<100, Double>, classCount: Int) -> InlineArray<10, Double> {
        precondition((2...DigitDataset.classCount).contains(classCount))
        // The factor L of Q + e e^T = L L^T, lower triangle; its diagonal holds reciprocals.
        var factor = InlineArray<100, Double>(repeating: 0)
        for row in 0..<classCount {
            for column in 0..<row { factor[10 * row + column] = 1 - pairwise[10 * column + row] * pairwise[10 * row + column] }
            var sum = 1.0
            for other in 0..<classCount where other != row { sum += pairwise[10 * other + row] * pairwise[10 * other + row] }
            factor[10 * row + row] = sum
        }
        for column in 0..<classCount {
            var pivot = factor[10 * column + column]
            for inner in 0..<column { pivot -= factor[10 * column + inner] * factor[10 * column + inner] }
            let reciprocal = 1 / pivot.squareRoot()
            factor[10 * column + column] = reciprocal
            for row in column + 1..<max(classCount, column + 1) {
                var value = factor[10 * row + column]
                for inner in 0..<column { value -= factor[10 * row + inner] * factor[10 * column + inner] }
                factor[10 * row + column] = value * reciprocal
            }
        }
        var solution = InlineArray<10, Double>(repeating: 0)
        for row in 0..<classCount {
            var value = 1.0
            for column in 0..<row { value -= factor[10 * row + column] * solution[column] }
            solution[row] = value * factor[10 * row + row]
        }
        for row in (0..<classCount).reversed() {
            var value = solution[row]
            for lower in row + 1..<max(classCount, row + 1) { value -= factor[10 * lower + row] * solution[lower] }
            solution[row] = value * factor[10 * row + row]
        }
        var sum = 0.0
        for row in 0..<classCount {
            solution[row] = max(0, solution[row])
            sum += solution[row]
        }
        for row in 0..<classCount { solution[row] /= sum }
        return solution
    }
}
