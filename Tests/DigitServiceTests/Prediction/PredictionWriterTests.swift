import Classifiers
import Testing

@testable import DigitService

@Suite struct PredictionWriterTests {
    private static let writer = PredictionWriter(model: .randomForest, version: 12)

    private func text(_ probabilities: [Double], digit: UInt8) -> String {
        String(
            decoding: PredictionWriterTests.writer.json(Prediction(digit: digit, probabilities: DigitScores(probabilities))), as: UTF8.self)
    }

    @Test("probabilities have six decimals, rounded half up")
    func rounding() {
        // 1/128 and 3/128 lie exactly half way between two numbers of six decimals.
        let text = text([0, 1, 0.5, 0.1, 0.0078125, 0.0234375, 4.9e-7, 5.1e-7, 0.9999994, 0.9999996], digit: 4)
        #expect(
            text
                == "{\"digit\":4,\"confidence\":0.007813,\"probabilities\":[0.000000,1.000000,0.500000,0.100000,0.007813,0.023438,0.000000,"
                + "0.000001,0.999999,1.000000],\"model\":{\"name\":\"random-forest\",\"version\":12}}\n")
    }

    @Test("a probability is written as the number of millionths that it is nearest to", arguments: [-0.49, 0, 0.49])
    func nearest(offset: Double) {
        for first in stride(from: 1, to: 999_000, by: 71) {
            let millionths = (0..<10).map { first + $0 * 97 }
            let expected = millionths.map { "0." + "\(1_000_000 + $0)".dropFirst() }
            #expect(
                text(millionths.map { (Double($0) + offset) / 1e6 }, digit: 3)
                    == "{\"digit\":3,\"confidence\":\(expected[3]),\"probabilities\":[\(expected.joined(separator: ","))],"
                    + "\"model\":{\"name\":\"random-forest\",\"version\":12}}\n")
        }
    }

    @Test("what is no probability is still written as a number from 0 to 1")
    func outOfRange() {
        let text = text([-0.5, 1.5, .infinity, -.infinity, .nan, -0.0, 1e-300, 1 + 1e-12, 0, 0], digit: 1)
        #expect(
            text.hasPrefix(
                "{\"digit\":1,\"confidence\":1.000000,\"probabilities\":[0.000000,1.000000,1.000000,0.000000,0.000000,0.000000,0.000000,1.000000,"
            ))
    }
}
