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

    public static func evaluate(_ group: [Self], in context: EvaluationContext, split: TrainTestSplit) -> [FoldOutcome] {
        NaiveBayesWork.outcomes(of: group, in: context, split: split)
    }
}

/// Pixels are counted once for all candidates.
private struct NaiveBayesWork<Parameters: NaiveBayesParameters>: SharedWork {
    let counts: ClassPixelCounts

    static func prepare(
        _ group: [Parameters], in context: EvaluationContext, split: TrainTestSplit
    ) throws(TrainingError) -> NaiveBayesWork {
        NaiveBayesWork(counts: try ClassPixelCounts(context.dataset, rows: split.trainingRows))
    }

    static func part(of candidate: Parameters) -> Parameters { candidate }

    func fit(_ part: [Parameters]) -> Parameters.Model {
        Parameters.Model(parameters: part[0], trainingReport: TrainingReport(), counts: counts)
    }
}

/// The counts of a naive Bayes model, as they stand in a model document; probabilities and densities follow from them and from the parameters.
public struct NaiveBayesPayload: Codable, Hashable, Sendable {
    /// Training rows of each class.
    let rowCounts: [Int]
    /// Classes x 256 pixels: in how many rows of the class the pixel is set.
    let setCounts: [Int]

    init(_ counts: ClassPixelCounts) {
        rowCounts = counts.rowCounts
        setCounts = counts.setCounts
    }

    /// - Throws: `TrainingError.invalidModel` naming the field that does not fit: not digits in ascending order, lists of another length, a
    ///   class without rows, a pixel set in more rows than there are.
    func validatedCounts(classes: [UInt8]) throws(TrainingError) -> ClassPixelCounts {
        try PayloadCheck.classes(classes)
        try PayloadCheck.count(rowCounts, of: "rowCounts", is: classes.count)
        try PayloadCheck.count(setCounts, of: "setCounts", is: classes.count * Bitmap.pixelCount)
        try PayloadCheck.each(rowCounts, of: "rowCounts", is: "1 to \(Int32.max)") { (1...Int(Int32.max)).contains($0) }
        if let place = setCounts.indices.first(where: { !(0...rowCounts[$0 / Bitmap.pixelCount]).contains(setCounts[$0]) }) {
            throw .invalidModel(
                field: "setCounts[\(place)]", found: "\(setCounts[place])", expected: "0 to \(rowCounts[place / Bitmap.pixelCount])")
        }
        return ClassPixelCounts(classes: classes, rowCounts: rowCounts, setCounts: setCounts)
    }
}
