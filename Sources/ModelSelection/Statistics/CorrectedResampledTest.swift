/// The corrected resampled t test: whether one classifier is better than another, given their differences on the test rows of many folds.
///
/// With J differences of mean m and variance s^2 (over J - 1), and q test rows for every training row,
///
///     t = m / sqrt((1/J + q) s^2),   Student's distribution with J - 1 degrees of freedom.
///
/// Nadeau, Bengio, "Inference for the Generalization Error", Machine Learning 52 (2003): folds train on rows that they have in common, so that their
/// differences are correlated, and 1/J alone, which takes them for independent, promises too much. They put the correlation of two differences at
/// the share of rows that are tested on, from which q follows. Bouckaert, Frank, "Evaluating the Replicability of Significance Tests for Comparing
/// Learning Algorithms", PAKDD 2004, section 2, carry it over to cross-validation repeated r times with k folds: J = r k, q = 1 / (k - 1).
public struct CorrectedResampledTest: Hashable, Sendable {
    /// Mean of the differences: positive where the first is better.
    public let meanDifference: Double
    /// Standard error of the mean, corrected.
    public let standardError: Double
    private let degreesOfFreedom: Int

    /// - Parameters:
    ///   - differences: accuracy of the first less accuracy of the second on the test rows of each fold of each repeat, -1...1.
    ///   - foldCount: folds a repeat.
    /// - Precondition: two differences or more, and two folds or more.
    public init(differences: [Double], foldCount: Int) {
        precondition(differences.count >= 2 && foldCount >= 2, "a test needs two folds or more")
        let count = Double(differences.count)
        let mean = differences.reduce(0, +) / count
        let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        meanDifference = mean
        standardError = ((1 / count + 1 / Double(foldCount - 1)) * variance).squareRoot()
        degreesOfFreedom = differences.count - 1
    }

    /// The probability of a mean at least as far from 0, in either direction, if neither is better; 1 where the mean is 0.
    public var twoSidedP: Double {
        if meanDifference == 0 { return 1 }
        return StudentDistribution(degreesOfFreedom: degreesOfFreedom).twoSidedP(meanDifference / standardError)
    }
}
