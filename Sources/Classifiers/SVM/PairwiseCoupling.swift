import CBitKernels
import Digits

/// One distribution over k classes from the probabilities of every two of them.
///
/// Given r_ij, the probability of class i if the class is i or j, this is the p that minimises
///
///     sum_i sum_{j != i} (r_ji p_i - r_ij p_j)^2     subject to     sum_i p_i = 1
///
/// Wu, Lin, Weng, "Probability Estimates for Multi-class Classification by Pairwise Coupling", JMLR 5, 2004, the second
/// approach. The sum is p^T Q p twice, with Q_ii = sum_{s != i} r_si^2 and Q_ij = -r_ji r_ij. LIBSVM iterates; here the
/// optimality conditions Q p = -b e, e^T p = 1 are solved directly: adding e (e^T p) = e to both sides of the first makes them
/// (Q + e e^T) p = (1 - b) e, so that p is (Q + e e^T)^-1 e divided by its sum.
///
/// Q + e e^T is positive definite, so that elimination needs no search for pivots: x^T Q x is the sum over pairs of
/// (r_ji x_i - r_ij x_j)^2, which vanishes only where r_ji x_i = r_ij x_j for all pairs. All r being positive, such an x is zero or
/// has elements of one sign only, and then e^T x is not 0. That the minimum has no negative element is proved in the paper;
/// rounding may bring -1e-17, which is taken as 0.
enum PairwiseCoupling {
    /// Pairwise probabilities are kept this far from 0 and 1, as in LIBSVM.
    static let leastProbability = 1e-7

    /// The coupled probabilities of k classes, 2...10; those past k are 0.
    ///
    /// - Parameter pairwise: r_ij for the pairs of `ClassPairs`, in 0...1; kept from its ends by `leastProbability` here.
    static func probabilities(_ pairwise: SVMPredictor.DecisionValues, classCount: Int) -> DigitScores {
        precondition((2...DigitDataset.classCount).contains(classCount))
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: classCount) { probabilities in
            pairwise.span.withUnsafeBufferPointer { bk_couple($0.baseAddress, classCount, leastProbability, probabilities.baseAddress) }
            var scores = DigitScores.zero
            for position in 0..<classCount { scores[position] = probabilities[position] }
            return scores
        }
    }
}
