/// A measure of what a candidate answered for the test rows of one fold.
///
/// Each metric fills the columns `mean_test_NAME`, `std_test_NAME` and `splitN_test_NAME` of a search report, NAME being its raw value, in
/// JSON as in comma-separated values. A new one needs a case and its value here, and no other code where it follows from digits; where it
/// needs probabilities, the search has to ask for them, and the journal to keep what follows from them.
public enum FoldMetric: String, CaseIterable, Sendable {
    /// Share of right answers, 0...1: what candidates are ranked by. scikit-learn calls it the score.
    case accuracy = "score"

    /// - Parameter truth: the labels of the fold's test rows, one a prediction.
    func value(of success: Trial.Success, truth: [UInt8]) -> Double {
        switch self {
        case .accuracy: success.accuracy
        }
    }
}
