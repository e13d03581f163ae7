import Digits

/// Hyperparameters of boosted stumps, trees of one split.
///
/// Names, defaults and meaning are those of scikit-learn's `AdaBoostClassifier`: `n_estimators` and `learning_rate`. `StumpBooster` says
/// how it boosts.
public struct AdaBoostParameters: ClassifierParameters {
    public typealias Model = AdaBoostModel

    public static let classifier = ClassifierName.adaboost

    /// Most stumps that a model may have.
    public static let largestStumpCount = 100_000

    /// Most stumps, 1 or more; there are fewer where boosting comes to its end.
    public let stumpCount: Int
    /// The power to which the factor is raised that a row's weight grows by, a finite number above 0.
    public let learningRate: Double

    /// - Precondition: numbers in the ranges above.
    public init(stumpCount: Int = 50, learningRate: Double = 1) {
        precondition((1...AdaBoostParameters.largestStumpCount).contains(stumpCount), "there are 1 to 100,000 stumps")
        precondition(learningRate > 0 && learningRate.isFinite, "a learning rate is greater than 0")
        self.stumpCount = stumpCount
        self.learningRate = learningRate
    }

    public init(values: ParameterValues) throws(TrainingError) {
        try values.requireOnly(["learning_rate", "n_estimators"])
        stumpCount = try values.integer("n_estimators", in: 1...AdaBoostParameters.largestStumpCount, default: 50)
        learningRate = try values.positiveNumber("learning_rate", default: 1)
    }

    public var values: ParameterValues {
        ParameterValues(["learning_rate": .number(learningRate), "n_estimators": .integer(stumpCount)])
    }

    /// Fewer stumps are the first of more.
    public var sharingKey: ParameterValues { ParameterValues(["learning_rate": .number(learningRate)]) }

    /// The most stumps of the group: the others are among them. As measured a stump takes 0.0055 microseconds a row.
    public static func evaluationCost(of group: [AdaBoostParameters], rowCount: Int) -> Double {
        0.0055 * Double(rowCount) * Double(group.map(\.stumpCount).max() ?? 0)
    }

    /// The votes of all stumps on a pixel are one row of numbers, so that no more than the pixels count.
    public var predictionCost: Double { Double(min(stumpCount, Bitmap.pixelCount)) }
}

extension AdaBoostParameters {
    /// Boosts stumps one after another; `stump_count` in the training report says how many there are. The seed decides nothing.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> AdaBoostModel {
        let rows = try RowsByClass(dataset, rows: rows)
        let stumps = try boost(rows)
        return AdaBoostModel(
            parameters: self, classes: rows.classes, trainingReport: TrainingReport(measures: ["stump_count": Double(stumps.count)]),
            stumps: stumps)
    }

    public static func evaluate(_ group: [AdaBoostParameters], in context: EvaluationContext, split: TrainTestSplit) -> [FoldOutcome] {
        BoostingWork.outcomes(of: group, in: context, split: split)
    }

    fileprivate func boost(_ rows: RowsByClass) throws(TrainingError) -> [Stump] {
        var booster = StumpBooster(rows, learningRate: learningRate)
        var stumps: [Stump] = []
        while stumps.count < stumpCount {
            if Task.isCancelled { throw .cancelled }
            guard let stump = booster.next() else { break }
            stumps.append(stump)
        }
        return stumps
    }
}

/// As many stumps are boosted as the largest candidate of the group has; the others have its first ones.
private struct BoostingWork: SharedWork {
    let stumps: [Stump]
    let classes: [UInt8]

    static func prepare(
        _ group: [AdaBoostParameters], in context: EvaluationContext, split: TrainTestSplit
    ) throws(TrainingError) -> BoostingWork {
        let rows = try RowsByClass(context.dataset, rows: split.trainingRows)
        let largest = group.max { $0.stumpCount < $1.stumpCount } ?? group[0]
        return BoostingWork(stumps: try largest.boost(rows), classes: rows.classes)
    }

    func fit(_ part: [AdaBoostParameters]) -> [Stump] { stumps }

    func predictions(
        of part: [AdaBoostParameters], by stumps: [Stump], for bitmaps: [Bitmap], withProbabilities: Bool
    ) -> [FoldPredictions] {
        let votesOfStump = stumps.map(\.votes)
        var predictions: [Int: FoldPredictions] = [:]
        var votes = [StumpVotes](repeating: StumpVotes(), count: bitmaps.count)
        var votedCount = 0
        for stumpCount in Set(part.map(\.stumpCount)).sorted() {
            let upcoming = votedCount..<max(votedCount, min(stumpCount, stumps.count))
            for row in bitmaps.indices {
                for index in upcoming {
                    let stump = stumps[index]
                    votes[row].add(votesOfStump[index], to: bitmaps[row][stump.pixel] ? stump.setDigit : stump.unsetDigit)
                }
            }
            votedCount = upcoming.upperBound
            var answers = FoldPredictions(rowCount: bitmaps.count, withProbabilities: withProbabilities)
            for row in votes {
                answers.append(digit: row.digitOfMost(classes: classes), probabilities: row.probabilities(classes: classes))
            }
            predictions[stumpCount] = answers
        }
        return part.compactMap { predictions[$0.stumpCount] }
    }
}

/// Trained boosted stumps: the digit with the most votes, weighted.
public struct AdaBoostModel: ClassifierModel {
    public typealias Parameters = AdaBoostParameters

    public let parameters: AdaBoostParameters
    public let classes: [UInt8]
    public let trainingReport: TrainingReport
    let stumps: [Stump]
    private let predictor: StumpPredictor

    public init(
        parameters: AdaBoostParameters, classes: [UInt8], trainingReport: TrainingReport, payload: AdaBoostPayload
    ) throws(TrainingError) {
        let stumps = try payload.validatedStumps(stumpCount: parameters.stumpCount, classes: classes)
        self.init(parameters: parameters, classes: classes, trainingReport: trainingReport, stumps: stumps)
    }

    /// - Parameter stumps: at most `parameters.stumpCount`, of digits in `classes`.
    init(parameters: AdaBoostParameters, classes: [UInt8], trainingReport: TrainingReport, stumps: [Stump]) {
        self.parameters = parameters
        self.classes = classes
        self.trainingReport = trainingReport
        self.stumps = stumps
        predictor = StumpPredictor(stumps, classes: classes)
    }

    public var payload: AdaBoostPayload { AdaBoostPayload(stumps) }

    public func scores(for bitmap: Bitmap) -> DigitScores {
        predictor.probabilities(for: bitmap)
    }

    /// The digit of most votes: the exact sums, of which the probabilities are roundings.
    public func digit(for bitmap: Bitmap) -> UInt8 {
        predictor.digit(for: bitmap)
    }

    public func prediction(for bitmap: Bitmap) -> Prediction {
        predictor.prediction(for: bitmap)
    }
}

/// The numbers of boosted stumps, as they stand in a model document: one a stump in each list, in the order of boosting.
public struct AdaBoostPayload: Codable, Sendable {
    /// 0...255
    let pixels: [Int]
    /// What a stump answers where its pixel is not set, one of the model's classes.
    let unsetDigits: [UInt8]
    /// What it answers where its pixel is set.
    let setDigits: [UInt8]
    /// alpha without the learning rate, which all stumps have in common; above 0 and up to 64. Votes are counted in units of 2^-40.
    let weights: [Double]

    init(_ stumps: [Stump]) {
        pixels = stumps.map(\.pixel)
        unsetDigits = stumps.map(\.unsetDigit)
        setDigits = stumps.map(\.setDigit)
        weights = stumps.map(\.weight)
    }

    /// - Throws: `TrainingError.invalidModel` naming the field that does not fit: not digits in ascending order, more stumps than
    ///   `stumpCount`, lists of several lengths, a pixel, digit or weight out of range.
    func validatedStumps(stumpCount: Int, classes: [UInt8]) throws(TrainingError) -> [Stump] {
        try PayloadCheck.classes(classes)
        guard pixels.count <= stumpCount else {
            throw .invalidModel(field: "pixels", found: "\(pixels.count) stumps", expected: "at most \(stumpCount)")
        }
        try PayloadCheck.each(pixels, of: "pixels", is: "0 to \(Bitmap.pixelCount - 1)") { (0..<Bitmap.pixelCount).contains($0) }
        for (field, digits) in [("unsetDigits", unsetDigits), ("setDigits", setDigits)] {
            try PayloadCheck.count(digits, of: field, is: pixels.count)
            try PayloadCheck.each(digits, of: field, is: "one of \(classes)") { classes.contains($0) }
        }
        try PayloadCheck.count(weights, of: "weights", is: pixels.count)
        try PayloadCheck.each(weights, of: "weights", is: "above 0 and up to \(Stump.largestWeight)") {
            $0 > 0 && $0 <= Stump.largestWeight
        }
        return pixels.indices.map {
            Stump(pixel: pixels[$0], unsetDigit: unsetDigits[$0], setDigit: setDigits[$0], weight: weights[$0])
        }
    }
}
