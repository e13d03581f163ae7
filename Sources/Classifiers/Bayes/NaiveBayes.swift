import Digits

/// Hyperparameters of a classifier by Bayes' rule that takes the pixels of a digit to be independent.
///
/// All there is to learn are the counts of `ClassPixelCounts`; what distinguishes the classifiers is the probability that they make of them.
public protocol NaiveBayesParameters: ClassifierParameters where Model: NaiveBayesModel {
    /// The joint probability of a bitmap and each class with these counts.
    func jointLogarithms(_ counts: ClassPixelCounts) -> JointLogarithms
}

/// A trained naive Bayes classifier: the digit of largest joint probability, and probabilities by Bayes' rule.
public protocol NaiveBayesModel: ClassifierModel where Payload == NaiveBayesPayload {
    init(parameters: Parameters, trainingReport: TrainingReport, counts: ClassPixelCounts)

    var counts: ClassPixelCounts { get }
    var jointLogarithms: JointLogarithms { get }
}

extension NaiveBayesModel {
    public init(
        parameters: Parameters, classes: [UInt8], trainingReport: TrainingReport, payload: NaiveBayesPayload
    ) throws(TrainingError) {
        self.init(parameters: parameters, trainingReport: trainingReport, counts: try payload.validatedCounts(classes: classes))
    }

    public var classes: [UInt8] { counts.classes }

    public var payload: NaiveBayesPayload { NaiveBayesPayload(counts) }

    public func scores(for bitmap: Bitmap) -> DigitScores {
        jointLogarithms.probabilities(for: bitmap)
    }

    public func digit(for bitmap: Bitmap) -> UInt8 {
        jointLogarithms.digit(for: bitmap)
    }
}

extension NaiveBayesParameters {
    /// Counts. The seed decides nothing.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> Model {
        Model(parameters: self, trainingReport: TrainingReport(), counts: try ClassPixelCounts(dataset, rows: rows))
    }

    /// All candidates have the counts in common.
    public var sharingKey: ParameterValues { ParameterValues() }

    /// All rows are counted once, a tenth of a microsecond each, whatever follows from the counts.
    public static func evaluationCost(of group: [Self], rowCount: Int) -> Double { 0.1 * Double(rowCount) }

    /// Sixteen numbers for each of some 90 pixels that are set, eight at a time.
    public var predictionCost: Double { 90 * 16 / 8 }

    /// Counts once for all candidates.
    public static func evaluate(_ group: [Self], in context: EvaluationContext, split: TrainTestSplit) -> [FoldOutcome] {
        let clock = ContinuousClock()
        let start = clock.now
        do throws(TrainingError) {
            let counts = try ClassPixelCounts(context.dataset, rows: split.trainingRows)
            let countingShare = (clock.now - start) / group.count
            return group.map { candidate in
                let candidateStart = clock.now
                let model = Model(parameters: candidate, trainingReport: TrainingReport(), counts: counts)
                let fitted = clock.now
                let digits = split.testRows.map { model.digit(for: context.dataset.bitmaps[$0]) }
                return FoldOutcome(
                    predictions: .success(digits), fitDuration: countingShare + (fitted - candidateStart),
                    scoreDuration: clock.now - fitted)
            }
        } catch {
            let spent = (clock.now - start) / group.count
            return group.map { _ in FoldOutcome(predictions: .failure(error), fitDuration: spent, scoreDuration: .zero) }
        }
    }
}
