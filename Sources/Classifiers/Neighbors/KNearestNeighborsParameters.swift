import Digits

/// Hyperparameters of the k-nearest-neighbours classifier.
///
/// Names, defaults and meaning are those of scikit-learn's `KNeighborsClassifier`: `n_neighbors`, `p`, `algorithm` and `weights`, of which
/// there is `uniform` alone. On bits most of them come to the same: vectors of 0 and 1 that differ in d places have the Minkowski distance
/// d^(1/p), so that every p orders neighbours alike; and the algorithms are ways to find the same neighbours. Every name is accepted, all
/// answer identically, and a search computes them once, by the scan of `NeighborScan`.
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
    }

    /// How many neighbours vote, 1 or more.
    public let neighborCount: Int
    /// The order of the Minkowski distance, a finite number above 0; without influence on the answer.
    public let p: Double
    /// Without influence on the answer.
    public let algorithm: Algorithm

    /// - Precondition: numbers in the ranges above.
    public init(neighborCount: Int = 5, p: Double = 2, algorithm: Algorithm = .auto) {
        precondition(neighborCount >= 1, "one neighbour or more votes")
        precondition(p > 0 && p.isFinite, "the order of a distance is greater than 0")
        self.neighborCount = neighborCount
        self.p = p
        self.algorithm = algorithm
    }

    public init(values: ParameterValues) throws(TrainingError) {
        try values.requireOnly(["algorithm", "n_neighbors", "p", "weights"])
        neighborCount = try values.integer("n_neighbors", in: 1...Int.max, default: 5)
        p = try values.positiveNumber("p", default: 2)
        algorithm = try values.choice("algorithm", default: Algorithm.auto)
        _ = try values.choice("weights", default: Weights.uniform)
    }

    public var values: ParameterValues {
        ParameterValues([
            "algorithm": .text(algorithm.rawValue), "n_neighbors": .integer(neighborCount), "p": .spelled(p),
            "weights": .text(Weights.uniform.rawValue),
        ])
    }

    /// The nearest of a few neighbours are the first of many: one scan answers every candidate.
    public var sharingKey: ParameterValues { ParameterValues() }

    /// Every held-out row meets every training row once for all candidates, a nanosecond each; with ten folds a ninth as many are held out.
    public static func evaluationCost(of group: [KNearestNeighborsParameters], rowCount: Int) -> Double {
        Double(rowCount) * Double(rowCount) / 9 * 0.001
    }

    /// The same for all: four words a training row, eight rows at a time, and as much again to find the nearest. How many rows there are is
    /// not known before training; some 1,500.
    public var predictionCost: Double { 1_500 * (4 + 4) / 8 }
}
