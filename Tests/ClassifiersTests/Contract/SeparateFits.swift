import Digits
import Testing

@testable import Classifiers

/// What candidates answer when each is fitted by itself: what a shared evaluation of them has to give as well.
enum SeparateFits {
    /// Digits and probabilities of each candidate, or why it cannot be fitted.
    static func outcomes<Parameters: ClassifierParameters>(
        of candidates: [Parameters], on dataset: DigitDataset, split: TrainTestSplit
    ) -> [Result<FoldPredictions, TrainingError>] {
        candidates.map { candidate in
            Result { () throws(TrainingError) in
                let model = try candidate.fit(dataset, rows: split.trainingRows, seed: split.seed)
                let predictions = split.testRows.map { model.prediction(for: dataset.bitmaps[$0]) }
                return FoldPredictions(
                    digits: predictions.map(\.digit), probabilities: predictions.map(\.probabilities),
                    hasConverged: model.trainingReport.converged)
            }
        }
    }

    /// Expects candidates evaluated together to give the same digits, the same probabilities where they are asked for, and the same errors.
    ///
    /// - Returns: the outcomes of the separate fits.
    @discardableResult
    static func expectEqual<Parameters: ClassifierParameters>(
        toSharedEvaluationOf candidates: [Parameters], on dataset: DigitDataset, split: TrainTestSplit,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> [Result<FoldPredictions, TrainingError>] {
        let expected = outcomes(of: candidates, on: dataset, split: split)
        let digits = Parameters.evaluate(candidates, in: EvaluationContext(dataset: dataset), split: split)
        #expect(
            digits.map(\.predictions)
                == expected.map { $0.map { FoldPredictions(digits: $0.digits, hasConverged: $0.hasConverged) } },
            sourceLocation: sourceLocation)
        let probabilities = Parameters.evaluate(
            candidates, in: EvaluationContext(dataset: dataset, wantsProbabilities: true), split: split)
        #expect(probabilities.map(\.predictions) == expected, sourceLocation: sourceLocation)
        for outcome in digits + probabilities {
            #expect(outcome.fitDuration >= .zero && outcome.scoreDuration >= .zero, sourceLocation: sourceLocation)
        }
        return expected
    }
}
