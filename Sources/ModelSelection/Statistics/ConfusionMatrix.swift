import Digits

/// How often each digit was answered for each true digit, and the measures that follow from it.
public struct ConfusionMatrix: Hashable, Sendable {
    /// 10 x 10 counts: `counts[truth][answer]`.
    public private(set) var counts: [[Int]]

    public init() {
        counts = [[Int]](
            repeating: [Int](repeating: 0, count: DigitDataset.classCount), count: DigitDataset.classCount)
    }

    /// - Precondition: both lists have the same length and hold digits, 0...9.
    public init(truth: [UInt8], answers: [UInt8]) {
        precondition(truth.count == answers.count, "one answer a row")
        self.init()
        for (digit, answer) in zip(truth, answers) { record(truth: digit, answer: answer) }
    }

    public mutating func record(truth: UInt8, answer: UInt8) {
        counts[Int(truth)][Int(answer)] += 1
    }

    /// Digits judged.
    public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

    /// Digits answered correctly.
    public var correctCount: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }

    /// Share of right answers, 0...1; nil where nothing was judged.
    public var accuracy: Double? { ConfusionMatrix.share(correctCount, of: total) }

    /// Of the times this digit was answered, the share that was right; nil where it never was.
    public func precision(of digit: Int) -> Double? {
        ConfusionMatrix.share(counts[digit][digit], of: counts.reduce(0) { $0 + $1[digit] })
    }

    /// Of the times this digit was shown, the share that was answered so; nil where it never was.
    public func recall(of digit: Int) -> Double? {
        ConfusionMatrix.share(counts[digit][digit], of: support(of: digit))
    }

    /// The harmonic mean of precision and recall; 0 where nothing was right, nil where the digit was neither shown nor answered.
    public func f1(of digit: Int) -> Double? {
        ConfusionMatrix.share(2 * counts[digit][digit], of: counts.reduce(0) { $0 + $1[digit] } + support(of: digit))
    }

    /// How often this digit was shown.
    public func support(of digit: Int) -> Int { counts[digit].reduce(0, +) }

    private static func share(_ part: Int, of whole: Int) -> Double? {
        whole == 0 ? nil : Double(part) / Double(whole)
    }
}

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
