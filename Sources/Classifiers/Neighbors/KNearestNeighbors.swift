import Digits

/// Hyperparameters of the k-nearest-neighbours classifier.
///
/// Names, defaults and meaning are those of scikit-learn's `KNeighborsClassifier`: `n_neighbors`, `p`, `algorithm` and `weights`. On
/// bits most of them come to the same: vectors of 0 and 1 that differ in d places have the Minkowski distance d^(1/p), so that every p orders
/// neighbours alike, and matters only where votes are weighed by distance; and the algorithms are ways to find the same neighbours. Every name is
/// accepted, what answers identically a search computes once, by the scan of `NeighborScan`.
public struct KNearestNeighborsParameters: ClassifierParameters {
    public typealias Model = KNearestNeighborsModel

    public static let classifier = ClassifierName.kNearestNeighbors

    /// Ways to find neighbours, by scikit-learn's names; they find the same ones.
    public enum Algorithm: String, CaseIterable, Hashable, Sendable {
        case auto
        case ballTree = "ball_tree"
        case kdTree = "kd_tree"
        case brute
    }

    /// How much the vote of a neighbour counts.
    public enum Weights: String, CaseIterable, Hashable, Sendable {
        case uniform
        /// The inverse of the distance.
        case distance
    }

    /// How many neighbours vote, 1 or more.
    public let neighborCount: Int
    /// The order of the Minkowski distance, a finite number above 0; without influence on the answer where all votes count alike.
    public let p: Double
    /// Without influence on the answer.
    public let algorithm: Algorithm
    public let weights: Weights

    /// - Precondition: numbers in the ranges above.
    public init(neighborCount: Int = 5, p: Double = 2, algorithm: Algorithm = .auto, weights: Weights = .uniform) {
        precondition(neighborCount >= 1, "one neighbour or more votes")
        precondition(p > 0 && p.isFinite, "the order of a distance is greater than 0")
        self.neighborCount = neighborCount
        self.p = p
        self.algorithm = algorithm
        self.weights = weights
    }

    public init(values: ParameterValues) throws(TrainingError) {
        try values.requireOnly(["algorithm", "n_neighbors", "p", "weights"])
        neighborCount = try values.integer("n_neighbors", in: 1...Int.max, default: 5)
        p = try values.positiveNumber("p", default: 2)
        algorithm = try values.choice("algorithm", default: Algorithm.auto)
        weights = try values.choice("weights", default: Weights.uniform)
    }

    public var values: ParameterValues {
        ParameterValues([
            "algorithm": .text(algorithm.rawValue), "n_neighbors": .integer(neighborCount), "p": .spelled(p),
            "weights": .text(weights.rawValue),
        ])
    }

    /// The nearest of a few neighbours are the first of many: one scan answers every candidate that weighs them alike.
    public var sharingKey: ParameterValues {
        switch weights {
        case .uniform: ParameterValues()
        case .distance: ParameterValues(["p": .spelled(p), "weights": .text(weights.rawValue)])
        }
    }

    fileprivate var neighborWeights: NeighborWeights {
        switch weights {
        case .uniform: .uniform
        case .distance: .inverseDistance(p: p)
        }
    }

    /// Every held-out row meets every training row once for all candidates, a nanosecond each; with ten folds a ninth as many are held out.
    public static func evaluationCost(of group: [KNearestNeighborsParameters], rowCount: Int) -> Double {
        Double(rowCount) * Double(rowCount) / 9 * 0.001
    }

    /// The same for all: four words a training row, eight rows at a time, and as much again to find the nearest. How many rows there are is
    /// not known before training; some 1,500.
    public var predictionCost: Double { 1_500 * (4 + 4) / 8 }
}

extension KNearestNeighborsParameters {
    /// Keeps the rows, by ascending number. The seed decides nothing.
    ///
    /// Fix, Hodges, "Discriminatory Analysis: Nonparametric Discrimination: Consistency Properties", USAF School of Aviation Medicine (1951);
    /// Cover, Hart, "Nearest Neighbor Pattern Classification", IEEE Transactions on Information Theory 13 (1967), section II.
    /// - Throws: `TrainingError.invalidParameter` for fewer rows than neighbours; else as the protocol says.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> KNearestNeighborsModel {
        if Task.isCancelled { throw .cancelled }
        let (scan, classes) = try KNearestNeighborsParameters.scan(dataset, rows: rows)
        try requireNeighbors(among: rows.count)
        return KNearestNeighborsModel(parameters: self, classes: classes, trainingReport: TrainingReport(), scan: scan)
    }

    public static func evaluate(
        _ group: [KNearestNeighborsParameters], in context: EvaluationContext, split: TrainTestSplit
    ) -> [FoldOutcome] {
        NeighborWork.outcomes(of: group, in: context, split: split)
    }

    fileprivate static func scan(_ dataset: DigitDataset, rows: [Int]) throws(TrainingError) -> (scan: NeighborScan, classes: [UInt8]) {
        let classes = try RowsByClass(dataset, rows: rows).classes
        let ascending = rows.sorted()
        let scan = NeighborScan(bitmaps: ascending.map { dataset.bitmaps[$0] }, labels: ascending.map { dataset.labels[$0] })
        return (scan, classes)
    }

    fileprivate func requireNeighbors(among rowCount: Int) throws(TrainingError) {
        guard neighborCount <= rowCount else {
            throw .invalidParameter(
                name: "n_neighbors", found: .integer(neighborCount), expected: "at most \(rowCount), the number of training rows")
        }
    }
}

/// The neighbours of a test row are found once, as many as the candidate with most of them wants.
private struct NeighborWork: SharedWork {
    let scan: NeighborScan

    static func prepare(
        _ group: [KNearestNeighborsParameters], in context: EvaluationContext, split: TrainTestSplit
    ) throws(TrainingError) -> NeighborWork {
        NeighborWork(scan: try KNearestNeighborsParameters.scan(context.dataset, rows: split.trainingRows).scan)
    }

    func validate(_ candidate: KNearestNeighborsParameters) throws(TrainingError) {
        try candidate.requireNeighbors(among: scan.labels.count)
    }

    func fit(_ part: [KNearestNeighborsParameters]) -> NeighborScan { scan }

    func predictions(
        of part: [KNearestNeighborsParameters], by scan: NeighborScan, for bitmaps: [Bitmap], withProbabilities: Bool
    ) throws(TrainingError) -> [FoldPredictions] {
        let weights = part[0].neighborWeights
        let neighborCounts = Set(part.map(\.neighborCount)).sorted()
        var predictions = neighborCounts.map { _ in FoldPredictions(rowCount: bitmaps.count, withProbabilities: withProbabilities) }
        for bitmap in bitmaps {
            if Task.isCancelled { throw .cancelled }
            for (place, votes) in scan.votes(for: bitmap, neighborCounts: neighborCounts, weights: weights).enumerated() {
                predictions[place].append(
                    digit: votes.digitOfLargest, probabilities: KNearestNeighborsModel.probabilities(votes))
            }
        }
        let predictionsOfCount = Dictionary(uniqueKeysWithValues: zip(neighborCounts, predictions))
        return part.compactMap { predictionsOfCount[$0.neighborCount] }
    }
}

/// The training rows, of which the nearest to a bitmap vote.
///
/// The score of a digit is its share of the votes, scikit-learn's `predict_proba`; of digits with equally many votes the lowest is answered,
/// as there.
public struct KNearestNeighborsModel: ClassifierModel {
    public typealias Parameters = KNearestNeighborsParameters

    public let parameters: KNearestNeighborsParameters
    public let classes: [UInt8]
    public let trainingReport: TrainingReport
    private let scan: NeighborScan
    private let weights: NeighborWeights

    public init(
        parameters: KNearestNeighborsParameters, classes: [UInt8], trainingReport: TrainingReport, payload: KNearestNeighborsPayload
    ) throws(TrainingError) {
        let scan = try payload.validatedScan(neighborCount: parameters.neighborCount, classes: classes)
        self.init(parameters: parameters, classes: classes, trainingReport: trainingReport, scan: scan)
    }

    /// - Parameter scan: of `parameters.neighborCount` rows or more.
    init(parameters: KNearestNeighborsParameters, classes: [UInt8], trainingReport: TrainingReport, scan: NeighborScan) {
        self.parameters = parameters
        self.classes = classes
        self.trainingReport = trainingReport
        self.scan = scan
        weights = parameters.neighborWeights
    }

    public var payload: KNearestNeighborsPayload { KNearestNeighborsPayload(scan) }

    public func scores(for bitmap: Bitmap) -> DigitScores {
        KNearestNeighborsModel.probabilities(scan.votes(for: bitmap, neighborCount: parameters.neighborCount, weights: weights))
    }

    /// The votes' digit: shares of them may round to equal numbers where the votes differ.
    public func digit(for bitmap: Bitmap) -> UInt8 {
        scan.votes(for: bitmap, neighborCount: parameters.neighborCount, weights: weights).digitOfLargest
    }

    public func prediction(for bitmap: Bitmap) -> Prediction {
        let votes = scan.votes(for: bitmap, neighborCount: parameters.neighborCount, weights: weights)
        return Prediction(digit: votes.digitOfLargest, probabilities: KNearestNeighborsModel.probabilities(votes))
    }

    /// Shares of the votes.
    fileprivate static func probabilities(_ votes: DigitScores) -> DigitScores {
        var scores = votes
        scores /= votes.sum
        return scores
    }
}

/// The training rows of a k-nearest-neighbours model, as they stand in a model document.
public struct KNearestNeighborsPayload: Codable, Hashable, Sendable {
    /// One a row, in 64 hexadecimal digits each.
    let bitmaps: [String]
    /// One a row: a digit of the model's classes.
    let labels: [UInt8]

    init(_ scan: NeighborScan) {
        bitmaps = scan.bitmaps.map(\.hexadecimal)
        labels = scan.labels
    }

    /// - Throws: `TrainingError.invalidModel` naming the field that does not fit: classes that are not the digits of the rows, lists of
    ///   different lengths, fewer rows than vote, a bitmap that is none.
    func validatedScan(neighborCount: Int, classes: [UInt8]) throws(TrainingError) -> NeighborScan {
        try PayloadCheck.classes(classes)
        try PayloadCheck.count(labels, of: "labels", is: bitmaps.count)
        guard bitmaps.count >= neighborCount else {
            throw .invalidModel(field: "bitmaps", found: "\(bitmaps.count) rows", expected: "\(neighborCount) or more, as many as vote")
        }
        try PayloadCheck.each(labels, of: "labels", is: "one of \(classes)") { classes.contains($0) }
        if let digit = classes.first(where: { !labels.contains($0) }) {
            throw .invalidModel(field: "labels", found: "no \(digit)", expected: "all of \(classes)")
        }
        return NeighborScan(bitmaps: try PayloadCheck.bitmaps(bitmaps, of: "bitmaps"), labels: labels)
    }
}
