import Digits

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Hyperparameters of the Gaussian naive Bayes classifier.
///
/// Name, default and meaning are those of scikit-learn's `GaussianNB`: `var_smoothing`. Each pixel of a class is taken for a number with a
/// normal distribution, whose mean m and variance v are those of the training rows: with a share m of them set, v = m (1 - m) + epsilon,
/// epsilon being `var_smoothing` times the largest variance that a pixel has among all training rows. John, Langley, "Estimating Continuous Distributions in Bayesian Classifiers", UAI 1995, section 2:
///
///     log p(c, x) = log P(c) - sum over pixels of [log(2 pi v) + (x - m)^2 / v] / 2.
///
/// x is 0 or 1, so that the sum is the one for the blank bitmap and, for every set pixel, log N(1) - log N(0) = (2 m - 1) / (2 v).
///
/// Pixels that all rows of a class have alike have v = epsilon, some 2.5e-10 by default, and cost 1 / (2 epsilon), 2e9, where a bitmap has
/// them otherwise. In a sum over set pixels these would come and go, and take the last digits of the others with them: they are counted
/// (`JointLogarithms`), which is more exact than scikit-learn's sum of all terms in doubles.
public struct GaussianNaiveBayesParameters: NaiveBayesParameters {
    public typealias Model = GaussianNaiveBayesModel

    public static let classifier = ClassifierName.gaussianNaiveBayes

    /// The share of the largest variance that is added to all, a finite number above 0. scikit-learn allows 0 as well, and then divides by it.
    public let varianceSmoothing: Double

    /// - Precondition: `varianceSmoothing` is finite, and greater than 0.
    public init(varianceSmoothing: Double = 1e-9) {
        precondition(varianceSmoothing > 0 && varianceSmoothing.isFinite, "the smoothing of variances is a finite number greater than 0")
        self.varianceSmoothing = varianceSmoothing
    }

    public init(values: ParameterValues) throws(TrainingError) {
        try values.requireOnly(["var_smoothing"])
        varianceSmoothing = try values.positiveNumber("var_smoothing", default: 1e-9)
    }

    public var values: ParameterValues {
        ParameterValues(["var_smoothing": .spelled(varianceSmoothing)])
    }

    public func jointLogarithms(_ counts: ClassPixelCounts) -> JointLogarithms {
        let epsilon = epsilon(counts)
        let terms = counts.classes.indices.map { position in
            let rowCount = counts.rowCounts[position]
            var terms = JointLogarithms.ClassTerms(
                blank: log(Double(rowCount) / Double(counts.rowCount)), pixels: [], impossibleCounts: [])
            for setCount in counts.setCounts(ofClass: position) {
                let mean = Double(setCount) / Double(rowCount)
                let variance = mean * (1 - mean) + epsilon
                terms.blank -= (log(2 * .pi) + log(variance)) / 2
                if setCount == 0 || setCount == rowCount {
                    terms.pixels.append(0)
                    terms.impossibleCounts.append(setCount == 0 ? 1 : -1)
                    terms.impossibleInBlank += setCount == 0 ? 0 : 1
                } else {
                    terms.blank -= mean * mean / (2 * variance)
                    terms.pixels.append((2 * mean - 1) / (2 * variance))
                    terms.impossibleCounts.append(0)
                }
            }
            return terms
        }
        return JointLogarithms(classes: counts.classes, terms: terms, penalty: 1 / (2 * epsilon))
    }

    private func epsilon(_ counts: ClassPixelCounts) -> Double {
        let rowCount = Double(counts.rowCount)
        var largestVariance = 0.0
        for pixel in 0..<Bitmap.pixelCount {
            let setCount = counts.classes.indices.reduce(0) { $0 + counts.setCounts[$1 * Bitmap.pixelCount + pixel] }
            let mean = Double(setCount) / rowCount
            largestVariance = max(largestVariance, mean * (1 - mean))
        }
        // A variance of 0 would have no logarithm.
        return max(varianceSmoothing * largestVariance, .leastNormalMagnitude)
    }
}

/// A trained Gaussian naive Bayes classifier.
public struct GaussianNaiveBayesModel: NaiveBayesModel {
    public let parameters: GaussianNaiveBayesParameters
    public let trainingReport: TrainingReport
    public let counts: ClassPixelCounts
    public let jointLogarithms: JointLogarithms

    public init(parameters: GaussianNaiveBayesParameters, trainingReport: TrainingReport, counts: ClassPixelCounts) {
        self.parameters = parameters
        self.trainingReport = trainingReport
        self.counts = counts
        jointLogarithms = parameters.jointLogarithms(counts)
    }
}
