import Classifiers
import ModelSelection

/// What became of the best candidate of a classifier: a model version, in service or not, and why.
///
/// With `if-better` the new model has to beat the one in service. Their hyperparameters are compared on folds drawn anew, each answered
/// by the candidate that the search would have chosen without the fold's rows (`FreshComparison`): what chose a candidate never also
/// judges it. The new model takes the place where the mean difference is positive and p < 0.05 in the corrected resampled t test,
/// two-sided; or where the mean difference is not negative and its predictions cost measurably less. The latter says nothing of accuracy
/// beyond what was observed: of settings that are equally good, half have a difference that is not negative. A classifier of which
/// nothing serves has to beat the model that answers where a request names none.
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
        /// Mean accuracy of its hyperparameters over the folds of the comparison, 0...1.
        public let accuracy: Double
        /// Mean over the same folds of the new accuracy less that of the model in service, -1...1.
        public let meanDifference: Double
        /// Standard error of the mean difference, corrected for rows that folds have in common.
        public let standardError: Double
        /// The probability of a difference at least as large, in either direction, if neither is better.
        public let pValue: Double
        /// How often folds were drawn anew. 0 where both models have the same hyperparameters, of which nothing need be measured.
        public let repeats: Int
        /// Folds of each repeat.
        public let folds: Int
        public let timing: PredictionTiming?

        private enum CodingKeys: String, CodingKey {
            case classifier, version, accuracy, repeats, folds, timing
            case meanDifference = "mean_difference"
            case standardError = "standard_error"
            case pValue = "p_value"
        }

        /// Why the new model takes the place; nil where it does not.
        fileprivate var reason: String? {
            if meanDifference > 0, pValue < PromotionDecision.significance {
                return "more accurate than \(classifier.rawValue) \(version) (by \(points) points, p = \(rounded(pValue)))"
            }
            if meanDifference >= 0, let timing, timing.isFaster {
                return "no less accurate than \(classifier.rawValue) \(version), and a prediction takes \(rounded(timing.microseconds)) us "
                    + "instead of \(rounded(timing.rivalMicroseconds)) us"
            }
            return nil
        }

        /// Why it does not.
        fileprivate var refusal: String {
            if repeats == 0 { return "\(classifier.rawValue) \(version) has the same hyperparameters" }
            return "\(classifier.rawValue) \(version) is not beaten (a difference of \(points) points, p = \(rounded(pValue)))"
        }

        /// The mean difference in hundredths.
        private var points: String { rounded(meanDifference * 100) }
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
            decision = "version \(version) stored, not put into service: \(comparison.refusal)"
        } else {
            decision = "version \(version) stored, not put into service: the model in service could not be measured"
        }
    }
}

extension PromotionDecision {
    /// Comparisons once counted the rows that one of two models alone had right. Where such a decision is stored its words still say so.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        classifier = try fields.decode(ClassifierName.self, forKey: .classifier)
        version = try fields.decodeIfPresent(Int.self, forKey: .version)
        promoted = try fields.decode(Bool.self, forKey: .promoted)
        decision = try fields.decode(String.self, forKey: .decision)
        accuracy = try fields.decode(Double.self, forKey: .accuracy)
        comparison = try? fields.decode(Comparison.self, forKey: .comparison)
    }

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
