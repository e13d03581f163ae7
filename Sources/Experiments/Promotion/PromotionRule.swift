import Classifiers
import DigitAPI

/// Decides what becomes of a new model.
///
/// With `if-better` the new model has to beat the one in service. Their hyperparameters are compared on folds drawn anew, each answered
/// by the candidate that the search would have chosen without the fold's rows (`FreshComparison`): what chose a candidate never also
/// judges it. The new model takes the place where the mean difference is positive and p < 0.05 in the corrected resampled t test,
/// two-sided; or where the mean difference is not negative and its predictions cost measurably less. The latter says nothing of accuracy
/// beyond what was observed: of settings that are equally good, half have a difference that is not negative. A classifier of which
/// nothing serves has to beat the model that answers where a request names none.
extension PromotionDecision {
    /// - Parameters:
    ///   - version: nil where the candidate could not be refitted.
    ///   - accuracy: mean of the folds' accuracies.
    ///   - comparison: nil where nothing was compared.
    ///   - failure: why the candidate could not be refitted.
    init(
        _ classifier: ClassifierName, version: Int?, accuracy: Double, promotion: Promotion, comparison: Comparison?, failure: String?
    ) {
        let reason = version == nil ? nil : PromotionDecision.reason(to: promotion, comparison)
        self.init(
            classifier: classifier, version: version, promoted: reason != nil,
            decision: PromotionDecision.words(version: version, reason: reason, promotion, comparison, failure: failure),
            accuracy: accuracy, comparison: comparison)
    }

    /// Why a model is put into service; nil where it is not.
    private static func reason(to promotion: Promotion, _ comparison: Comparison?) -> String? {
        switch promotion {
        case .never: nil
        case .always: "promotion was asked for"
        case .ifBetter: comparison?.reason
        }
    }

    private static func words(
        version: Int?, reason: String?, _ promotion: Promotion, _ comparison: Comparison?, failure: String?
    ) -> String {
        guard let version else { return "not refitted: \(failure ?? "no reason was given")" }
        if let reason { return "version \(version) put into service: \(reason)" }
        if promotion == .never { return "version \(version) stored" }
        let refusal = comparison?.refusal ?? "the model in service could not be measured"
        return "version \(version) stored, not put into service: \(refusal)"
    }
}

extension PromotionDecision.Comparison {
    /// Below this probability a difference is no chance.
    private static let significance = 0.05

    /// Why the new model takes the place; nil where it does not.
    fileprivate var reason: String? {
        if meanDifference > 0, pValue < Self.significance {
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

/// With three decimals at most.
private func rounded(_ number: Double) -> String { "\((number * 1000).rounded() / 1000)" }
