/// How often a digit was shown, and how its answers came out.
public struct DigitMeasures: Codable, Hashable, Sendable {
    public let digit: Int
    /// How often it was shown.
    public let support: Int
    /// 0...1; nil where the digit was never answered.
    public let precision: Double?
    /// 0...1; nil where the digit was never shown.
    public let recall: Double?
    /// 0...1; nil where the digit was neither shown nor answered.
    public let f1: Double?

    /// The measures of all ten digits.
    public static func all(of matrix: ConfusionMatrix) -> [DigitMeasures] {
        matrix.counts.indices.map { digit in
            DigitMeasures(
                digit: digit, support: matrix.support(of: digit), precision: matrix.precision(of: digit),
                recall: matrix.recall(of: digit), f1: matrix.f1(of: digit))
        }
    }
}
