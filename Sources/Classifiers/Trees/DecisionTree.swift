import Digits

/// Hyperparameters of one classification tree on bits, grown on all training rows.
///
/// Names, defaults and meaning are those of scikit-learn's `DecisionTreeClassifier`: `criterion` (`gini`, `entropy`), `max_features` (null:
/// all pixels) and those of `TreeLimits`. `TreeGrowth` says how it grows.
public struct DecisionTreeParameters: ClassifierParameters {
    public typealias Model = DecisionTreeModel

    public static let classifier = ClassifierName.decisionTree

    public let criterion: SplitCriterion
    public let maxFeatures: MaxFeatures
    public let limits: TreeLimits

    public init(criterion: SplitCriterion = .gini, maxFeatures: MaxFeatures = .all, limits: TreeLimits = TreeLimits()) {
        self.criterion = criterion
        self.maxFeatures = maxFeatures
        self.limits = limits
    }

    public init(values: ParameterValues) throws(TrainingError) {
        try values.requireOnly((["criterion", "max_features"] + TreeLimits.names).sorted())
        criterion = try values.choice("criterion", default: .gini)
        maxFeatures = try MaxFeatures(values["max_features"] ?? .null)
        limits = try TreeLimits(values: values)
    }

    public var values: ParameterValues {
        var values = ParameterValues(["criterion": .text(criterion.rawValue), "max_features": maxFeatures.value])
        limits.write(to: &values)
        return values
    }

    /// Trees of limited depth are the deeper ones, cut, unless their leaves are counted or they are pruned, and `auto` is `sqrt` by another name.
    public var sharingKey: ParameterValues { forest.sharingKey }

    /// As measured on groups of seven depths, 0.2 microseconds a row and candidate.
    public static func evaluationCost(of group: [DecisionTreeParameters], rowCount: Int) -> Double {
        0.2 * Double(rowCount) * Double(group.count)
    }

    /// A step for every level.
    public var predictionCost: Double { forest.predictionCost }

    /// The forest of this one tree, which has all rows.
    var forest: RandomForestParameters {
        RandomForestParameters(treeCount: 1, maxFeatures: maxFeatures, limits: limits, criterion: criterion, bootstrap: false)
    }
}

extension DecisionTreeParameters {
    /// Grows the tree; of equally good splits the seed decides, by the order in which pixels are drawn.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> DecisionTreeModel {
        DecisionTreeModel(parameters: self, forest: try forest.fit(dataset, rows: rows, seed: seed))
    }

    public static func evaluate(
        _ group: [DecisionTreeParameters], in context: EvaluationContext, split: TrainTestSplit
    ) -> [FoldOutcome] {
        ForestWork.outcomes(of: group.map(\.forest), in: context, split: split)
    }
}

/// A trained decision tree: the class fractions of the training rows in the leaf that a bitmap comes to.
public struct DecisionTreeModel: ClassifierModel {
    public typealias Parameters = DecisionTreeParameters

    public let parameters: DecisionTreeParameters
    /// The forest of this one tree.
    private let forest: RandomForestModel

    public init(
        parameters: DecisionTreeParameters, classes: [UInt8], trainingReport: TrainingReport, payload: RandomForestPayload
    ) throws(TrainingError) {
        let forest = try RandomForestModel(
            parameters: parameters.forest, classes: classes, trainingReport: trainingReport, payload: payload)
        self.init(parameters: parameters, forest: forest)
    }

    /// - Parameter forest: trained with `parameters.forest`.
    init(parameters: DecisionTreeParameters, forest: RandomForestModel) {
        self.parameters = parameters
        self.forest = forest
    }

    public var classes: [UInt8] { forest.classes }
    public var trainingReport: TrainingReport { forest.trainingReport }
    /// The nodes of a forest of one tree.
    public var payload: RandomForestPayload { forest.payload }

    public func scores(for bitmap: Bitmap) -> DigitScores {
        forest.scores(for: bitmap)
    }
}
