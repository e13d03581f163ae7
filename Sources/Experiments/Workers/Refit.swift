import Classifiers
import Digits
import Files
import ModelFiles
import ModelSelection

/// Training a candidate on all rows and writing it as a model document: what a search is for.
public struct RefitOrder: Codable, Hashable, Sendable {
    /// Number of the candidate in the search.
    public let candidate: Int
    /// What the search found of it.
    public let crossValidation: TrainingProvenance.CrossValidation
    /// Where the document goes.
    public let path: String
    /// The document of a model whose predictions are to be timed beside the new one's; nil where they are not.
    public let rivalPath: String?

    /// Does it, in the process of a worker.
    func carriedOut(in search: GridSearch) -> RefitResult {
        guard search.space.rows.indices.contains(candidate) else {
            return RefitResult(failure: "there is no candidate \(candidate)", timing: nil)
        }
        do {
            let document = try ModelDocument(
                refitting: search.space.rows[candidate].candidate, of: search, crossValidation: crossValidation)
            try document.write(to: path)
            // A model in service whose document is gone or bad costs the comparison, and not the model that was just made.
            guard let rivalPath, let bytes = try? FileBytes.read(rivalPath), let rival = try? ModelDocument(bytes: bytes, file: rivalPath)
            else { return RefitResult(failure: nil, timing: nil) }
            return RefitResult(
                failure: nil, timing: PredictionTiming(of: document.model, beside: rival.model, on: search.dataset.bitmaps))
        } catch {
            return RefitResult(failure: "\(error)", timing: nil)
        }
    }
}

/// What came of a refit.
public struct RefitResult: Codable, Hashable, Sendable {
    /// Why there is no document; nil where there is one.
    public let failure: String?
    /// Nil where nothing was to be compared, or could be.
    public let timing: PredictionTiming?
}

/// How long predictions of two models take, measured in turns.
///
/// Machines are noisy, and a worker runs when nothing else does: each round times both, so that what disturbs one disturbs the other, and
/// only which of the two was faster counts. If neither were, a round would be won like a coin; the exact sign test says how likely as many
/// wins would then be.
public struct PredictionTiming: Codable, Hashable, Sendable {
    private static let roundCount = 21
    private static let bitmapCount = 200
    /// Below this probability a difference is measured, not chance.
    private static let significance = 0.05
    /// A smaller share of the time is nothing that anybody would notice: two equal models differ by as much.
    private static let noticeableSaving = 0.05

    /// Median over the rounds, a prediction.
    public let microseconds: Double
    public let rivalMicroseconds: Double
    /// Rounds in which the new model was faster, of all.
    public let fasterRounds: Int
    public let rounds: Int

    private enum CodingKeys: String, CodingKey {
        case microseconds, rounds
        case rivalMicroseconds = "rival_microseconds"
        case fasterRounds = "faster_rounds"
    }

    init(microseconds: Double, rivalMicroseconds: Double, fasterRounds: Int, rounds: Int) {
        self.microseconds = microseconds
        self.rivalMicroseconds = rivalMicroseconds
        self.fasterRounds = fasterRounds
        self.rounds = rounds
    }

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

    /// Whether the new model's predictions cost measurably less.
    public var isFaster: Bool {
        microseconds <= rivalMicroseconds * (1 - PredictionTiming.noticeableSaving)
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
