import Classifiers
import DigitAPI
import Digits
import ModelSelection

/// Measures how long predictions of two models take.
///
/// Machines are noisy, and a worker runs when nothing else does: each round times both, so that what disturbs one disturbs the other, and
/// only which of the two was faster counts. If neither were, a round would be won like a coin; the exact sign test says how likely as many
/// wins would then be.
extension PredictionTiming {
    private static let roundCount = 21
    private static let bitmapCount = 200
    /// Below this probability a difference is measured, not chance.
    private static let significance = 0.05
    /// A smaller share of the time is no reason to change the model in service.
    private static let worthwhileSaving = 0.2

    init(of model: any ClassifierModel, beside rival: any ClassifierModel, on bitmaps: [Bitmap]) {
        let sample = Array(bitmaps.prefix(PredictionTiming.bitmapCount))
        // Once before it counts: caches and look-up tables.
        _ = PredictionTiming.microseconds(of: model, on: sample)
        _ = PredictionTiming.microseconds(of: rival, on: sample)
        var own: [Double] = []
        var others: [Double] = []
        for round in 0..<PredictionTiming.roundCount {
            if round.isMultiple(of: 2) { own.append(PredictionTiming.microseconds(of: model, on: sample)) }
            others.append(PredictionTiming.microseconds(of: rival, on: sample))
            if !round.isMultiple(of: 2) { own.append(PredictionTiming.microseconds(of: model, on: sample)) }
        }
        self.init(
            microseconds: PredictionTiming.median(own), rivalMicroseconds: PredictionTiming.median(others),
            fasterRounds: zip(own, others).count { $0 < $1 }, rounds: PredictionTiming.roundCount)
    }

    /// Whether the new model's predictions cost measurably less, and by a size that matters.
    var isFaster: Bool {
        microseconds <= rivalMicroseconds * (1 - PredictionTiming.worthwhileSaving)
            && McNemarTest(onlyFirstCount: fasterRounds, onlySecondCount: rounds - fasterRounds).oneSidedP < PredictionTiming.significance
    }

    private static func microseconds(of model: any ClassifierModel, on bitmaps: [Bitmap]) -> Double {
        var checksum = 0
        let start = ContinuousClock.now
        for bitmap in bitmaps { checksum &+= Int(model.digit(for: bitmap)) }
        let duration = ContinuousClock.now - start
        // A sum that is used keeps the predictions from being left out.
        precondition(checksum >= 0)
        return duration / .microseconds(1) / Double(bitmaps.count)
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
