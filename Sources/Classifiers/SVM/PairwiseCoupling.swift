import Digits

/// One distribution over k classes from the probabilities of every two of them.
///
/// Given r_ij, the probability of class i if the class is i or j, this is the p that minimises
///
///     sum_i sum_{j != i} (r_ji p_i - r_ij p_j)^2     subject to     sum_i p_i = 1
///
/// Wu, Lin, Weng, "Probability Estimates for Multi-class Classification by Pairwise Coupling", JMLR 5, 2004, the second
/// method (section 4). The sum is p^T Q p twice, with Q_ii = sum_{s != i} r_si^2 and Q_ij = -r_ji r_ij. LIBSVM iterates; here the optimality
/// conditions Q p = -b e, e^T p = 1 are solved directly: adding e (e^T p) = e to both sides makes them
/// (Q + e e^T) p = (1 - b) e, so that p is (Q + e e^T)^-1 e divided by its sum.
///
/// Q + e e^T is positive definite, so that elimination needs no search for pivots: x^T Q x is the sum over pairs of
/// (r_ji x_i - r_ij x_j)^2, which vanishes only where r_ji x_i = r_ij x_j for all pairs. All r being positive, such an x is zero or has elements of one
/// sign only, and then e^T x is not 0. That the minimum has no negative element is the paper's theorem 2; rounding may
/// bring -1e-17, which is taken as 0.
enum PairwiseCoupling {
    /// Pairwise probabilities are kept this far from 0 and 1, as in LIBSVM.
    static let leastProbability = 1e-7

    /// r_ij in row i, lane j; r_ij + r_ji = 1, all in (0, 1). Diagonal and unused lanes are 1, unused rows are not read.
    typealias Pairwise = InlineArray<10, SIMD16<Double>>

    /// The coupled probabilities of k classes, 2...10; lanes past k are 0.
    static func probabilities(_ pairwise: Pairwise, classCount: Int) -> SIMD16<Double> {
        precondition((2...DigitDataset.classCount).contains(classCount))
        // Row i of Q + e e^T, with its right-hand side, 1, in the lane past the tenth.
        let rightHandSide = DigitDataset.classCount
        var system = Pairwise(repeating: .zero)
        for row in 0..<classCount {
            // r_si, which is 0 on the diagonal and in unused lanes.
            let others = 1 - pairwise[row]
            system[row] = 1 - pairwise[row] * others
            system[row][row] = 1 + (others * others).sum()
            system[row][rightHandSide] = 1
        }
        // Gauss: what Cholesky does, without its roots.
        for pivot in 0..<classCount {
            let scaled = system[pivot] / system[pivot][pivot]
            system[pivot] = scaled
            for row in pivot + 1..<max(classCount, pivot + 1) { system[row] -= system[row][pivot] * scaled }
        }
        var solution = SIMD16<Double>.zero
        for row in (0..<classCount).reversed() {
            var value = system[row][rightHandSide]
            for column in row + 1..<max(classCount, row + 1) { value -= system[row][column] * solution[column] }
            solution[row] = value
        }
        solution = pointwiseMax(solution, .zero)
        return solution / solution.sum()
    }
}
