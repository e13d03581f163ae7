import Digits

/// Hyperparameters of a random forest of classification trees on bits.
///
/// Names, defaults and meaning are those of scikit-learn's `RandomForestClassifier`: `n_estimators`, `max_features`, `max_depth`,
/// `min_samples_leaf` (a whole number), `criterion` (`gini`, `entropy`) and `bootstrap`.
public struct RandomForestParameters: ClassifierParameters {
    public typealias Model = RandomForestModel

    public static let classifier = ClassifierName.randomForest

    /// Most trees that a forest may have.
    public static let largestTreeCount = 100_000

    /// Trees, 1 or more.
    public let treeCount: Int
    public let maxFeatures: MaxFeatures
    /// Most splits between the root and a leaf, 1 or more; nil for as many as there are to make.
    public let maxDepth: Int?
    /// Fewest different rows of the sample in a leaf, 1 or more.
    public let minSamplesLeaf: Int
    public let criterion: SplitCriterion
    /// Whether every tree draws a sample of its own; where false, all grow on all rows.
    public let bootstrap: Bool

    /// - Precondition: numbers in the ranges above.
    public init(
        treeCount: Int = 100, maxFeatures: MaxFeatures = .squareRoot, maxDepth: Int? = nil, minSamplesLeaf: Int = 1,
        criterion: SplitCriterion = .gini, bootstrap: Bool = true
    ) {
        precondition((1...RandomForestParameters.largestTreeCount).contains(treeCount), "a forest has 1 to 100,000 trees")
        precondition(maxDepth.map { $0 >= 1 } ?? true, "a tree has one level of splits or more")
        precondition(minSamplesLeaf >= 1, "a leaf has one row or more")
        self.treeCount = treeCount
        self.maxFeatures = maxFeatures
        self.maxDepth = maxDepth
        self.minSamplesLeaf = minSamplesLeaf
        self.criterion = criterion
        self.bootstrap = bootstrap
    }

    public init(values: ParameterValues) throws(TrainingError) {
        try values.requireOnly(["bootstrap", "criterion", "max_depth", "max_features", "min_samples_leaf", "n_estimators"])
        treeCount = try values.integer("n_estimators", in: 1...RandomForestParameters.largestTreeCount, default: 100)
        maxFeatures = try MaxFeatures(values["max_features"] ?? .text("sqrt"))
        maxDepth = try values.optionalInteger("max_depth", in: 1...Int.max)
        minSamplesLeaf = try values.integer("min_samples_leaf", in: 1...Int.max, default: 1)
        criterion = try values.choice("criterion", default: .gini)
        bootstrap = try values.bool("bootstrap", default: true)
    }

    public var values: ParameterValues {
        ParameterValues([
            "bootstrap": .bool(bootstrap),
            "criterion": .text(criterion.rawValue),
            "max_depth": maxDepth.map(ParameterValue.integer) ?? .null,
            "max_features": maxFeatures.value,
            "min_samples_leaf": .integer(minSamplesLeaf),
            "n_estimators": .integer(treeCount),
        ])
    }

    /// Forests of fewer trees are the first trees of larger ones, those of limited depth are the deeper ones, cut, and `auto` is `sqrt`
    /// by another name.
    public var sharingKey: ParameterValues {
        var key = values
        key["n_estimators"] = nil
        key["max_depth"] = nil
        key["max_features"] = .integer(maxFeatures.count)
        return key
    }

    /// The largest forest of the group: the others are in it. A level of a tree passes over all rows, and as measured a tree without
    /// a limit takes 0.19 microseconds a row, however many features it looks at.
    public static func evaluationCost(of group: [RandomForestParameters], rowCount: Int) -> Double {
        0.19 * Double(rowCount) / Double(unlimitedLevelCount) * (group.map(\.predictionCost).max() ?? 0)
    }

    /// About how deep trees without a limit grow on some thousand rows.
    private static let unlimitedLevelCount = 12

    /// A step for every level of every tree; trees without a limit have some 12 of them.
    public var predictionCost: Double {
        Double(treeCount) * Double(min(maxDepth ?? .max, RandomForestParameters.unlimitedLevelCount))
    }

    /// What the forest wants of a growing one.
    var limit: ForestCuts.Limit {
        ForestCuts.Limit(maxDepth: min(maxDepth ?? .max, TreeGrowth.unlimitedDepth), treeCount: treeCount)
    }

    func growth(rowCount: Int) -> TreeGrowth {
        TreeGrowth(featureCount: maxFeatures.count, minSamplesLeaf: minSamplesLeaf, criterion: criterion, rowCount: rowCount)
    }
}
