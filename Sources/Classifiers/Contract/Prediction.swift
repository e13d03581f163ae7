/// A classifier's answer for one bitmap.
public struct Prediction: Hashable, Sendable {
    /// The digit answered, 0...9.
    public let digit: UInt8
    /// One probability a digit; they sum to one.
    public let probabilities: DigitScores
    /// The probability of the digit answered, 0...1.
    public var confidence: Double { probabilities[Int(digit)] }

    public init(digit: UInt8, probabilities: DigitScores) {
        self.digit = digit
        self.probabilities = probabilities
    }
}
