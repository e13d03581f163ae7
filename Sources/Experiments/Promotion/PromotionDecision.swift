import Classifiers
import ModelSelection

/// What became of the best candidate of a classifier: a model version, in service or not, and why.
///
/// With `if-better` the new model has to beat the one in service: its hyperparameters are measured on the very same folds of the very same
/// rows, so that both answered every row without having seen it. It takes its place where it answers more rows rightly and
/// McNemar's exact one-sided test gives p < 0.05, or where it answers no fewer and its predictions cost measurably less. A classifier of
/// which nothing serves has to beat the model that answers where a request names none.
public struct PromotionDecision: Codable, Hashable, Sendable {
    /// Below this probability a difference is no chance.
    static let significance = 0.05

    public let classifier: ClassifierName
    /// Nil where the candidate could not be refitted.
    public let version: Int?
    public let promoted: Bool
    /// The decision and what it rests on, in words.
    public let decision: String
    /// Mean of the folds' accuracies.
    public let accuracy: Double
    /// Nil where nothing was compared.
    public let comparison: Comparison?

    private enum CodingKeys: CodingKey { case classifier, version, promoted, decision, accuracy, comparison }

    public struct Comparison: Codable, Hashable, Sendable {
        /// The model in service.
        public let classifier: ClassifierName
        public let version: Int
        /// Of its hyperparameters on the same folds.
        public let accuracy: Double
        /// Rows that only the new model, and only the one in service, answered rightly.
        public let onlyNewCorrect: Int
        public let onlyServingCorrect: Int
        /// McNemar, exact, one-sided: the probability of so many wins of the new one if it were not better.
        public let pValue: Double
        public let timing: PredictionTiming?

        enum CodingKeys: String, CodingKey {
            case classifier, version, accuracy, timing
            case onlyNewCorrect = "only_new_correct"
            case onlyServingCorrect = "only_serving_correct"
            case pValue = "p_value"
        }

        /// Why the new model takes the place; nil where it does not.
        var reason: String? {
            if onlyNewCorrect > onlyServingCorrect, pValue < PromotionDecision.significance {
                return "more accurate than \(classifier.rawValue) \(version) (p = \(rounded(pValue)))"
            }
            if onlyNewCorrect >= onlyServingCorrect, let timing, timing.isFaster {
                return "no less accurate than \(classifier.rawValue) \(version), and a prediction takes \(rounded(timing.microseconds)) us "
                    + "instead of \(rounded(timing.rivalMicroseconds)) us"
            }
            return nil
        }
    }

    init(
        _ classifier: ClassifierName, version: Int?, accuracy: Double, promotion: ExperimentRequest.Promotion, comparison: Comparison?,
        failure: String?
    ) {
        self.classifier = classifier
        self.version = version
        self.accuracy = accuracy
        self.comparison = comparison
        guard let version else {
            promoted = false
            decision = "not refitted: \(failure ?? "no reason was given")"
            return
        }
        let reason: String? =
            switch promotion {
            case .never: nil
            case .always: "promotion was asked for"
            case .ifBetter: comparison?.reason
            }
        promoted = reason != nil
        if let reason {
            decision = "version \(version) put into service: \(reason)"
        } else if promotion == .never {
            decision = "version \(version) stored"
        } else if let comparison {
            decision =
                "version \(version) stored, not put into service: \(comparison.classifier.rawValue) \(comparison.version) is not "
                + "beaten (\(comparison.onlyNewCorrect) rows to \(comparison.onlyServingCorrect), p = \(rounded(comparison.pValue)))"
        } else {
            decision = "version \(version) stored, not put into service: the model in service could not be measured"
        }
    }
}

extension PromotionDecision {
    /// All fields always: what there is not is null.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(classifier, forKey: .classifier)
        try fields.encode(version, forKey: .version)
        try fields.encode(promoted, forKey: .promoted)
        try fields.encode(decision, forKey: .decision)
        try fields.encode(accuracy, forKey: .accuracy)
        try fields.encode(comparison, forKey: .comparison)
    }
}

/// With three decimals at most.
private func rounded(_ number: Double) -> String { "\((number * 1000).rounded() / 1000)" }
