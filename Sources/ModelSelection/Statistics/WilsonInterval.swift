/// Wilson's score interval of a share: where the true accuracy lies, given the number of correct answers.
///
/// Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927). With p = correct / total and z
/// the normal quantile, its ends are (p + z^2/2n ± z sqrt(p (1 - p)/n + z^2/4n^2)) / (1 + z^2/n). Unlike p ± z s it stays within 0...1
/// and has width where all answers are right.
public struct WilsonInterval: Hashable, Sendable {
    /// 0...1.
    public let lower: Double
    /// 0...1.
    public let upper: Double

    /// The 0.975 quantile of the standard normal distribution: 95 % lie within it on both sides.
    private static let z = 1.959_963_984_540_054

    /// The 95 % interval; nil for a total of 0.
    ///
    /// - Precondition: 0 <= correctCount <= total.
    public init?(correctCount: Int, total: Int) {
        precondition((0...max(total, 0)).contains(correctCount), "no more right answers than answers")
        guard total > 0 else { return nil }
        let count = Double(total)
        let share = Double(correctCount) / count
        let square = WilsonInterval.z * WilsonInterval.z
        let center = (share + square / (2 * count)) / (1 + square / count)
        let spread = share * (1 - share) / count + square / (4 * count * count)
        let halfWidth = WilsonInterval.z * spread.squareRoot() / (1 + square / count)
        // Rounding must not push the ends past what a share can be.
        lower = correctCount == 0 ? 0 : center - halfWidth
        upper = correctCount == total ? 1 : center + halfWidth
    }
}
