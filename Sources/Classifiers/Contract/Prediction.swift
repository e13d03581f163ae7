import Digits

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

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

    /// Probabilities proportional to the exponentials of these logarithms; 0 for minus infinity. Lanes past the tenth do not count.
    ///
    /// - Precondition: the largest of all sixteen is finite.
    init(logarithms: SIMD16<Double>) {
        let largest = logarithms.max()
        self.init((0..<DigitDataset.classCount).map { exp(logarithms[$0] - largest) })
        self /= sum
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
    public var digitOfLargest: UInt8 { lanes.digitOfLargest() }

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

extension SIMD16 where Scalar: Comparable {
    /// The digit whose lane is the largest, among some digits in ascending order; the lowest of equal ones.
    @inline(__always)
    func digitOfLargest(among digits: some Collection<UInt8> = 0..<UInt8(DigitDataset.classCount)) -> UInt8 {
        var best = digits.first ?? 0
        for digit in digits where self[Int(digit)] > self[Int(best)] { best = digit }
        return best
    }
}
