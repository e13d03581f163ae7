import Classifiers
import Digits

/// How long a model takes for a bitmap.
enum PredictionTime {
    /// What a thread that answers many clients may spend on one of them.
    static let quickMicroseconds = 200.0

    /// A few digits, each of which a model may take its own time for.
    private static let bitmaps = (0..<8).map { SyntheticDigits.bitmap(row: $0, seed: 1) }

    /// Measured with a few digits, once the model's memory has been touched: the shortest time, for others may have interrupted the longer.
    static func microseconds(of model: any ClassifierModel) -> Double {
        _ = model.prediction(for: bitmaps[0])
        let clock = ContinuousClock()
        let times = bitmaps.map { bitmap in clock.measure { _ = model.prediction(for: bitmap) } }
        return max((times.min() ?? .zero) / .microseconds(1), 0.01)
    }
}
