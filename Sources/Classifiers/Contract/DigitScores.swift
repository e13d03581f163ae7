import Digits

/// Ten numbers, one a digit: a classifier's scores for one bitmap.
public struct DigitScores: Hashable, Sendable {
    /// Lanes past the tenth stay zero.
    private var lanes: SIMD16<Double> = .zero

    public static let zero = DigitScores()

    public init() {}

    /// - Precondition: `values` has ten elements.
    public init(_ values: some Collection<Double>) {
        precondition(values.count == DigitDataset.classCount, "ten scores, one a digit")
        for (digit, value) in values.enumerated() { lanes[digit] = value }
    }

    /// The score of a digit, 0...9.
    public subscript(digit: Int) -> Double {
        get {
            precondition(digit < DigitDataset.classCount)
            return lanes[digit]
        }
        set {
            precondition(digit < DigitDataset.classCount)
            lanes[digit] = newValue
        }
    }

    /// The digit with the largest score; the lowest of several.
    public var digitOfLargest: UInt8 {
        var best = 0
        for digit in 1..<DigitDataset.classCount where lanes[digit] > lanes[best] { best = digit }
        return UInt8(best)
    }

    /// The ten scores, from digit 0 to digit 9.
    public var values: [Double] { (0..<DigitDataset.classCount).map { lanes[$0] } }

    public var sum: Double { lanes.sum() }

    /// Adds digit by digit.
    static func += (left: inout DigitScores, right: DigitScores) {
        left.lanes += right.lanes
    }

    /// Divides every score.
    static func /= (left: inout DigitScores, right: Double) {
        left.lanes /= right
    }
}
