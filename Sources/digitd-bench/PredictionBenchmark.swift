import Classifiers
import Digits
import ModelFiles

/// Microseconds of one prediction in this process, over many different digits.
struct PredictionBenchmark {
    /// Median and extremes over the rounds, in microseconds.
    struct Timing {
        let minimum: Double
        let median: Double
        let maximum: Double
    }

    /// Different bitmaps, so that neither the branch predictor nor the caches can learn them.
    private let bitmaps: [Bitmap]
    private let roundCount: Int

    init(bitmapCount: Int, roundCount: Int) {
        var stream = RandomStream(seed: 1, purpose: .test)
        var bitmaps = SyntheticDigits.dataset(rowCount: bitmapCount, seed: 11).bitmaps
        stream.shuffle(&bitmaps)
        self.bitmaps = bitmaps
        self.roundCount = roundCount
    }

    /// Times `prediction(for:)`: the digit and its probabilities.
    func run(_ model: any ClassifierModel) -> Timing {
        let rounds = (0...roundCount).map { _ in secondsOfOneRound(model) }.dropFirst().sorted()
        let microseconds = rounds.map { $0 / Double(bitmaps.count) * 1e6 }
        return Timing(
            minimum: microseconds[0], median: microseconds[microseconds.count / 2], maximum: microseconds[microseconds.count - 1])
    }

    private func secondsOfOneRound<Model: ClassifierModel>(_ model: Model) -> Double {
        let clock = ContinuousClock()
        var confidenceSum = 0.0
        let elapsed = clock.measure {
            for bitmap in bitmaps { confidenceSum += model.prediction(for: bitmap).confidence }
        }
        precondition(confidenceSum > 0, "the predictions must not be optimised away")
        return elapsed / .seconds(1)
    }
}
