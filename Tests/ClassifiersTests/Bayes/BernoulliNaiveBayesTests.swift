import Digits
import Foundation
import Testing

@testable import Classifiers

struct BernoulliNaiveBayesTests {
    private static let digits = SyntheticDigits.dataset(rowCount: 330, seed: 51)
    private static let unseen = SyntheticDigits.dataset(rowCount: 100, seed: 52)

    @Test("probabilities are those of the formula, term by term", arguments: [0.1, 1, 40], [true, false])
    func probabilities(alpha: Double, fitPrior: Bool) throws {
        let rows = (0..<330).filter { $0 % 10 < 4 || $0 < 200 } + [0, 1, 1]
        let model = try BernoulliNaiveBayesParameters(alpha: alpha, fitPrior: fitPrior).fit(
            BernoulliNaiveBayesTests.digits, rows: rows, seed: 0)
        let shares = (0..<10).map { digit in
            let own = rows.filter { BernoulliNaiveBayesTests.digits.labels[$0] == digit }
            return (
                prior: fitPrior ? log(Double(own.count) / Double(rows.count)) : log(0.1),
                set: (0..<256).map { pixel in
                    (Double(own.count { BernoulliNaiveBayesTests.digits.bitmaps[$0][pixel] }) + alpha) / (Double(own.count) + 2 * alpha)
                }
            )
        }
        for bitmap in BernoulliNaiveBayesTests.unseen.bitmaps {
            let joint = shares.map { prior, set in
                (0..<256).reduce(prior) { $0 + log(bitmap[$1] ? set[$1] : 1 - set[$1]) }
            }
            let largest = joint.max() ?? 0
            let weights = joint.map { exp($0 - largest) }
            for digit in 0..<10 {
                #expect(abs(model.scores(for: bitmap)[digit] - weights[digit] / weights.reduce(0, +)) < 1e-10)
            }
            #expect(Int(model.digit(for: bitmap)) == joint.firstIndex(of: largest))
        }
    }

    @Test("alpha 0 is the limit of ever smaller ones")
    func limit() throws {
        let rows = Array(0..<330)
        let zero = try BernoulliNaiveBayesParameters(alpha: 0).fit(BernoulliNaiveBayesTests.digits, rows: rows, seed: 0)
        let tiny = try BernoulliNaiveBayesParameters(alpha: 1e-300).fit(BernoulliNaiveBayesTests.digits, rows: rows, seed: 0)
        for bitmap in BernoulliNaiveBayesTests.unseen.bitmaps + [.blank, Bitmap(words: SIMD4(repeating: .max))] {
            #expect(zero.digit(for: bitmap) == tiny.digit(for: bitmap))
            for digit in 0..<10 { #expect(abs(zero.scores(for: bitmap)[digit] - tiny.scores(for: bitmap)[digit]) < 1e-9) }
        }
    }
}
