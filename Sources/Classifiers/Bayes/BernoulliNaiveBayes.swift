import Digits

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Hyperparameters of the Bernoulli naive Bayes classifier.
///
/// Names, defaults and meaning are those of scikit-learn's `BernoulliNB`: `alpha` and `fit_prior`; `binarize` has nothing to do on bits. Each
/// pixel of a class is a coin of its own: with N(c, j) of the n(c) rows of class c showing pixel j,
///
///     p(c, j) = (N(c, j) + alpha) / (n(c) + 2 alpha)
///     log P(c, x) = log P(c) + sum over pixels j of [x(j) log p(c, j) + (1 - x(j)) log(1 - p(c, j))],
///
/// P(c) being the share of c among the training rows, or the same for all without `fit_prior`. McCallum, Nigam, "A Comparison of Event Models
/// for Naive Bayes Text Classification", AAAI-98 Workshop on Learning for Text Categorization, section 2.1. Unlike in the multinomial model,
/// pixels that are not set say something too.
///
/// Departure: alpha 0 is the limit of ever smaller ones, as in `MultinomialNaiveBayesParameters`.
public struct BernoulliNaiveBayesParameters: NaiveBayesParameters {
    public typealias Model = BernoulliNaiveBayesModel

    public static let classifier = ClassifierName.bernoulliNaiveBayes

    /// Rows that are imagined to show every pixel, and as many to show none; a finite number, 0 or more.
    public let alpha: Double
    /// Whether classes are as probable as they are frequent among the training rows; where false, all alike.
    public let fitPrior: Bool

    /// - Precondition: `alpha` is finite, and 0 or more.
    public init(alpha: Double = 1, fitPrior: Bool = true) {
        precondition(alpha >= 0 && alpha.isFinite, "alpha is a finite number, 0 or more")
        self.alpha = alpha
        self.fitPrior = fitPrior
    }

    public init(values: ParameterValues) throws(TrainingError) {
        try values.requireOnly(["alpha", "fit_prior"])
        alpha = try values.nonNegativeNumber("alpha", default: 1)
        fitPrior = try values.bool("fit_prior", default: true)
    }

    public var values: ParameterValues {
        ParameterValues(["alpha": .spelled(alpha), "fit_prior": .bool(fitPrior)])
    }

    public func jointLogarithms(_ counts: ClassPixelCounts) -> JointLogarithms {
        let terms = counts.classes.indices.map { position in
            let rowCount = counts.rowCounts[position]
            let prior = fitPrior ? Double(rowCount) / Double(counts.rowCount) : 1 / Double(counts.classes.count)
            var terms = JointLogarithms.ClassTerms(blank: log(prior), pixels: [], impossibleCounts: [])
            // Half of n + 2 alpha, which does not overflow for any alpha.
            let logDenominator = log(Double(rowCount) / 2 + alpha) + log(2)
            for setCount in counts.setCounts(ofClass: position) {
                let set = Double(setCount) + alpha
                let unset = Double(rowCount - setCount) + alpha
                // For ever smaller alpha, log alpha is what impossible pixels have in common, the penalty; log 1 is what is left of it.
                let logSet = log(set == 0 ? 1 : set) - logDenominator
                let logUnset = log(unset == 0 ? 1 : unset) - logDenominator
                terms.blank += logUnset
                terms.pixels.append(logSet - logUnset)
                terms.impossibleInBlank += unset == 0 ? 1 : 0
                terms.impossibleCounts.append((set == 0 ? 1 : 0) - (unset == 0 ? 1 : 0))
            }
            return terms
        }
        return JointLogarithms(classes: counts.classes, terms: terms, penalty: .infinity)
    }
}

/// A trained Bernoulli naive Bayes classifier.
public struct BernoulliNaiveBayesModel: NaiveBayesModel {
    public let parameters: BernoulliNaiveBayesParameters
    public let trainingReport: TrainingReport
    public let counts: ClassPixelCounts
    public let jointLogarithms: JointLogarithms

    public init(parameters: BernoulliNaiveBayesParameters, trainingReport: TrainingReport, counts: ClassPixelCounts) {
        self.parameters = parameters
        self.trainingReport = trainingReport
        self.counts = counts
        jointLogarithms = parameters.jointLogarithms(counts)
    }
}
