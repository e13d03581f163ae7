import Digits

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Hyperparameters of the multinomial naive Bayes classifier.
///
/// Names, defaults and meaning are those of scikit-learn's `MultinomialNB`: `alpha` and `fit_prior`. A digit is modelled as drops of ink
/// that fell on the pixels independently: with N(c, j) the rows of class c in which pixel j is set,
///
///     theta(c, j) = (N(c, j) + alpha) / (sum over j of N(c, j) + 256 alpha)
///     log P(c, x) = log P(c) + sum over set pixels j of log theta(c, j),
///
/// P(c) being the share of c among the training rows, or the same for all without `fit_prior`. McCallum, Nigam, "A Comparison of Event Models
/// for Naive Bayes Text Classification", AAAI-98 Workshop on Learning for Text Categorization, section 2.2. Pixels that are not set say
/// nothing.
///
/// Departure: with alpha 0 scikit-learn multiplies with a probability of 0, and where every class has such a pixel answers the first class
/// with probabilities that are not numbers. Here alpha 0 is the limit of ever smaller ones: the class with fewest impossible pixels wins, and
/// among equals the others decide. Where a class has none, both answer the same.
public struct MultinomialNaiveBayesParameters: NaiveBayesParameters {
    public typealias Model = MultinomialNaiveBayesModel

    public static let classifier = ClassifierName.multinomialNaiveBayes

    /// Rows that are imagined to show every pixel, a finite number, 0 or more (Laplace's smoothing for 1, Lidstone's for others).
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
        let pixelCount = Double(Bitmap.pixelCount)
        let terms = counts.classes.indices.map { position in
            let setCounts = counts.setCounts(ofClass: position)
            // Numerator and denominator of 256 theta, which does not overflow for any alpha. Without ink and alpha all pixels are alike, as
            // they are with any alpha.
            let ink = Double(setCounts.reduce(0, +)) / pixelCount + alpha
            let denominator = ink == 0 ? 1 : ink
            let numerators = setCounts.map { ink == 0 ? 1 : Double($0) + alpha }
            let prior = fitPrior ? Double(counts.rowCounts[position]) / Double(counts.rowCount) : 1 / Double(counts.classes.count)
            return JointLogarithms.ClassTerms(
                blank: log(prior),
                // For ever smaller alpha, log alpha is what impossible pixels have in common, the penalty; this is what is left of them.
                pixels: numerators.map { log(($0 == 0 ? 1 : $0) / denominator) - log(pixelCount) },
                impossibleCounts: numerators.map { $0 == 0 ? 1 : 0 })
        }
        return JointLogarithms(classes: counts.classes, terms: terms, penalty: .infinity)
    }
}

/// A trained multinomial naive Bayes classifier.
public struct MultinomialNaiveBayesModel: NaiveBayesModel {
    public let parameters: MultinomialNaiveBayesParameters
    public let trainingReport: TrainingReport
    public let counts: ClassPixelCounts
    public let jointLogarithms: JointLogarithms

    public init(parameters: MultinomialNaiveBayesParameters, trainingReport: TrainingReport, counts: ClassPixelCounts) {
        self.parameters = parameters
        self.trainingReport = trainingReport
        self.counts = counts
        jointLogarithms = parameters.jointLogarithms(counts)
    }
}
