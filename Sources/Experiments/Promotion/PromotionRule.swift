import Classifiers
import DigitAPI
import Digits

/// What is known of a new model beside the one that it would replace.
struct PromotionEvidence: Sendable {
    /// Nil where nothing was compared.
    var comparison: PromotionDecision.Comparison?
    /// Digits that the model in service knows and the new one does not, ascending.
    var missingDigits: [UInt8] = []
    /// Why the two could not be compared on the data that the model in service was trained on; nil where they could, or need not.
    var groundFailure: String?
}

/// Decides what becomes of a new model.
///
/// With `if-better` the new model has to beat the one in service. Their hyperparameters are compared on folds drawn anew, each answered
/// by the candidate that the search would have chosen without the fold's rows (`FreshComparison`): what chose a candidate never also
/// judges it. The new model takes the place where the mean difference is positive and p < 0.05 in the corrected resampled t test,
/// two-sided; or where the mean difference is not negative and its predictions cost measurably less, by a fifth or more, both having been
/// fitted on the same rows. The latter says nothing of accuracy beyond what was observed: of settings that are equally good, half have a
/// difference that is not negative. Equal hyperparameters never replace each other. Where the experiment has other data than the model in
/// service was trained on, the new one must also answer no fewer rows of that data rightly (`GroundComparison`). A classifier of which
/// nothing serves has to beat the model that answers where a request names none.
///
/// A model that knows fewer digits than the one it would replace is refused, with `always` too, unless the request allows it.
extension PromotionDecision {
    /// - Parameters:
    ///   - version: nil where the candidate could not be refitted.
    ///   - accuracy: mean of the folds' accuracies.
    ///   - failure: why the candidate could not be refitted.
    init(
        _ classifier: ClassifierName, version: Int?, accuracy: Double, promotion: Promotion, allowsFewerClasses: Bool = false,
        evidence: PromotionEvidence, failure: String?
    ) {
        var promoted = false
        let words: String
        if let version {
            switch PromotionDecision.verdict(promotion, allowsFewerClasses, evidence) {
            case .promote(let reason):
                promoted = true
                words = "version \(version) put into service: \(reason)"
            case .refuse(let reason): words = "version \(version) stored, not put into service: \(reason)"
            case .store: words = "version \(version) stored"
            }
        } else {
            words = "not refitted: \(failure ?? "no reason was given")"
        }
        self.init(
            classifier: classifier, version: version, promoted: promoted, decision: words, accuracy: accuracy,
            comparison: evidence.comparison)
    }

    private enum Verdict {
        case promote(reason: String)
        case refuse(reason: String)
        /// Nothing else was asked for.
        case store
    }

    private static func verdict(_ promotion: Promotion, _ allowsFewerClasses: Bool, _ evidence: PromotionEvidence) -> Verdict {
        guard promotion != .never else { return .store }
        guard evidence.missingDigits.isEmpty || allowsFewerClasses else {
            let digits = evidence.missingDigits.map { "\($0)" }.joined(separator: ", ")
            return .refuse(reason: "it does not know \(digits), which the model in service does")
        }
        guard promotion == .ifBetter else { return .promote(reason: "promotion was asked for") }
        guard let comparison = evidence.comparison else { return .refuse(reason: "the model in service could not be measured") }
        guard let reason = comparison.reason else { return .refuse(reason: comparison.refusal) }
        if let failure = evidence.groundFailure {
            return .refuse(reason: "\(comparison.rival) was trained on other data, on which the two could not be compared: \(failure)")
        }
        if let ground = comparison.ground, ground.correct < ground.servingCorrect {
            return .refuse(
                reason: "of \(ground.rows) rows of \(ground.dataset), which \(comparison.rival) was trained on, "
                    + "it answers \(ground.correct) rightly, and \(comparison.rival) \(ground.servingCorrect)")
        }
        return .promote(reason: reason)
    }
}

extension PromotionDecision.Comparison {
    /// Below this probability a difference is no chance.
    private static let significance = 0.05

    /// Whether the new model would take the place if the data were those of the model in service.
    var favoursNewModel: Bool { reason != nil }

    fileprivate var rival: String { "\(classifier.rawValue) \(version)" }

    /// Why the new model takes the place; nil where it does not.
    fileprivate var reason: String? {
        // Equal hyperparameters, of which nothing was measured.
        guard repeats > 0 else { return nil }
        if meanDifference > 0, pValue < Self.significance {
            return "more accurate than \(rival) (by \(points) points, p = \(rounded(pValue)))"
        }
        if meanDifference >= 0, let timing, timing.isFaster {
            return "no less accurate than \(rival), and a prediction takes \(rounded(timing.microseconds)) us "
                + "instead of \(rounded(timing.rivalMicroseconds)) us"
        }
        return nil
    }

    /// Why it does not.
    fileprivate var refusal: String {
        if repeats == 0 { return "\(rival) has the same hyperparameters" }
        return "\(rival) is not beaten (a difference of \(points) points, p = \(rounded(pValue)))"
    }

    /// The mean difference in hundredths.
    private var points: String { rounded(meanDifference * 100) }
}

/// With three decimals at most.
private func rounded(_ number: Double) -> String { "\((number * 1000).rounded() / 1000)" }
