import Digits

/// Hyperparameters of a random forest of classification trees on bits.
///
/// Names, defaults and meaning are those of scikit-learn's `RandomForestClassifier`: `n_estimators`, `max_features`, `criterion` (`gini`,
/// `entropy`), `bootstrap` and those of `TreeLimits`.
public struct RandomForestParameters: ClassifierParameters {
    public typealias Model = RandomForestModel

    public static let classifier = ClassifierName.randomForest

    /// Most trees that a forest may have.
    public static let largestTreeCount = 100_000

    /// Trees, 1 or more.
    public let treeCount: Int
    public let maxFeatures: MaxFeatures
    public let limits: TreeLimits
    public let criterion: SplitCriterion
    /// Whether every tree draws a sample of its own; where false, all grow on all rows.
    public let bootstrap: Bool

    /// - Precondition: numbers in the ranges above.
    public init(
        treeCount: Int = 100, maxFeatures: MaxFeatures = .squareRoot, limits: TreeLimits = TreeLimits(),
        criterion: SplitCriterion = .gini, bootstrap: Bool = true
    ) {
        precondition((1...RandomForestParameters.largestTreeCount).contains(treeCount), "a forest has 1 to 100,000 trees")
        self.treeCount = treeCount
        self.maxFeatures = maxFeatures
        self.limits = limits
        self.criterion = criterion
        self.bootstrap = bootstrap
    }

    public init(values: ParameterValues) throws(TrainingError) {
        try values.requireOnly((["bootstrap", "criterion", "max_features", "n_estimators"] + TreeLimits.names).sorted())
        treeCount = try values.integer("n_estimators", in: 1...RandomForestParameters.largestTreeCount, default: 100)
        maxFeatures = try MaxFeatures(values["max_features"] ?? .text("sqrt"))
        limits = try TreeLimits(values: values)
        criterion = try values.choice("criterion", default: .gini)
        bootstrap = try values.bool("bootstrap", default: true)
    }

    public var values: ParameterValues {
        var values = ParameterValues([
            "bootstrap": .bool(bootstrap),
            "criterion": .text(criterion.rawValue),
            "max_features": maxFeatures.value,
            "n_estimators": .integer(treeCount),
        ])
        limits.write(to: &values)
        return values
    }

    /// Forests of fewer trees are the first trees of larger ones, those of limited depth are the deeper ones, cut, unless their leaves are
    /// counted or they are pruned, and `auto` is `sqrt` by another name.
    public var sharingKey: ParameterValues {
        var key = values
        key["n_estimators"] = nil
        if limits.depthIsACut { key["max_depth"] = nil }
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
        let levelCount = min(limits.maxDepth ?? .max, limits.maxLeafNodes.map { $0 - 1 } ?? .max)
        return Double(treeCount) * Double(min(levelCount, RandomForestParameters.unlimitedLevelCount))
    }

    /// What the forest wants of a growing one.
    var cut: ForestCuts.Limit {
        ForestCuts.Limit(maxDepth: min(limits.maxDepth ?? .max, TreeGrowth.unlimitedDepth), treeCount: treeCount)
    }

    func growth(rowCount: Int) -> TreeGrowth {
        TreeGrowth(featureCount: maxFeatures.count, limits: limits, criterion: criterion, rowCount: rowCount)
    }
}

extension RandomForestParameters {
    /// Grows the trees one after another and measures the out-of-bag accuracy, `out_of_bag_score` in the training report: each row
    /// predicted by the trees whose sample it is not in (Breiman 2001, section 3.1). Rows that are in every sample do not count; without
    /// a bootstrap there are no others, and no such measure.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> RandomForestModel {
        let source = try BootstrapSource(dataset, rows: rows, seed: seed, drawsWithReplacement: bootstrap)
        let grown = try grow(source, seed: seed, cuts: [cut])[0]
        let predictor = ForestPredictor(grown, classes: source.classes)
        var measures = ["node_count": Double(grown.codes.count)]
        if bootstrap, let score = outOfBagScore(source, predictor) { measures["out_of_bag_score"] = score }
        return RandomForestModel(
            parameters: self, classes: source.classes, trainingReport: TrainingReport(measures: measures), nodes: grown,
            predictor: predictor)
    }

    public static func evaluate(
        _ group: [RandomForestParameters], in context: EvaluationContext, split: TrainTestSplit
    ) -> [FoldOutcome] {
        ForestWork.outcomes(of: group, in: context, split: split)
    }

    fileprivate func grow(_ source: BootstrapSource, seed: UInt64, cuts: [ForestCuts.Limit]) throws(TrainingError) -> [ForestNodes] {
        let growth = growth(rowCount: source.bitmaps.count)
        var forests = ForestCuts(classCount: source.classes.count, limits: cuts)
        for tree in 0..<forests.treeCount {
            if Task.isCancelled { throw .cancelled }
            try growth.grow(on: source.sample(source.multiplicities(tree: tree)), seed: seed, tree: tree, into: &forests)
        }
        return forests.forests
    }

    private func outOfBagScore(_ source: BootstrapSource, _ predictor: ForestPredictor) -> Double? {
        var scores = [DigitScores](repeating: .zero, count: source.bitmaps.count)
        for group in 0..<predictor.groupCount {
            // Of every row, the trees of the group whose sample it is not in.
            var judges = [UInt64](repeating: 0, count: source.bitmaps.count)
            for (bit, tree) in predictor.trees(ofGroup: group).enumerated() {
                for (row, multiplicity) in source.multiplicities(tree: tree).enumerated() where multiplicity == 0 {
                    judges[row] |= 1 &<< UInt64(bit)
                }
            }
            for row in scores.indices {
                scores[row] += predictor.scoreSum(for: source.bitmaps[row], group: group, judges: judges[row])
            }
        }
        var judgedCount = 0
        var correctCount = 0
        var row = 0
        for (position, end) in source.classEnds.enumerated() {
            while row < end {
                if scores[row].sum > 0 {
                    judgedCount += 1
                    if scores[row].digitOfLargest == source.classes[position] { correctCount += 1 }
                }
                row += 1
            }
        }
        return judgedCount == 0 ? nil : Double(correctCount) / Double(judgedCount)
    }
}

/// The largest forest of a group is grown once; the others are its first trees, or its trees cut at their depth.
struct ForestWork: SharedWork {
    /// Of each depth that a candidate is limited to.
    private let predictorOfDepth: [Int: ForestPredictor]

    static func prepare(
        _ group: [RandomForestParameters], in context: EvaluationContext, split: TrainTestSplit
    ) throws(TrainingError) -> ForestWork {
        let source = try BootstrapSource(
            context.dataset, rows: split.trainingRows, seed: split.seed, drawsWithReplacement: group[0].bootstrap)
        let cuts = largestOfEachDepth(group.map(\.cut))
        let forests = try group[0].grow(source, seed: split.seed, cuts: cuts)
        return ForestWork(
            predictorOfDepth: Dictionary(
                uniqueKeysWithValues: zip(cuts.map(\.maxDepth), forests.map { ForestPredictor($0, classes: source.classes) })))
    }

    /// Each depth once, ascending, with the most trees that are wanted of it.
    private static func largestOfEachDepth(_ limits: [ForestCuts.Limit]) -> [ForestCuts.Limit] {
        Dictionary(limits.map { ($0.maxDepth, $0.treeCount) }, uniquingKeysWith: max)
            .map { ForestCuts.Limit(maxDepth: $0.key, treeCount: $0.value) }
            .sorted { $0.maxDepth < $1.maxDepth }
    }

    static func part(of candidate: RandomForestParameters) -> Int { candidate.cut.maxDepth }

    func fit(_ part: [RandomForestParameters]) -> ForestPredictor {
        guard let predictor = predictorOfDepth[part[0].cut.maxDepth] else { preconditionFailure("every depth has been grown") }
        return predictor
    }

    func predictions(
        of part: [RandomForestParameters], by predictor: ForestPredictor, for bitmaps: [Bitmap], withProbabilities: Bool
    ) -> [FoldPredictions] {
        let treeCounts = Set(part.map(\.treeCount)).sorted()
        var predictions = treeCounts.map { _ in FoldPredictions(rowCount: bitmaps.count, withProbabilities: withProbabilities) }
        for bitmap in bitmaps {
            for (place, scores) in predictor.scores(for: bitmap, treeCounts: treeCounts).enumerated() {
                predictions[place].append(digit: scores.digitOfLargest, probabilities: scores)
            }
        }
        let predictionsOfCount = Dictionary(uniqueKeysWithValues: zip(treeCounts, predictions))
        return part.compactMap { predictionsOfCount[$0.treeCount] }
    }
}

/// A trained random forest: the mean over its trees of the class fractions in the leaf that a bitmap comes to.
public struct RandomForestModel: ClassifierModel {
    public typealias Parameters = RandomForestParameters

    public let parameters: RandomForestParameters
    public let classes: [UInt8]
    public let trainingReport: TrainingReport
    private let nodes: ForestNodes
    private let predictor: ForestPredictor

    public init(
        parameters: RandomForestParameters, classes: [UInt8], trainingReport: TrainingReport, payload: RandomForestPayload
    ) throws(TrainingError) {
        let nodes = try payload.validatedNodes(treeCount: parameters.treeCount, classes: classes)
        self.init(
            parameters: parameters, classes: classes, trainingReport: trainingReport, nodes: nodes,
            predictor: ForestPredictor(nodes, classes: classes))
    }

    init(
        parameters: RandomForestParameters, classes: [UInt8], trainingReport: TrainingReport, nodes: ForestNodes, predictor: ForestPredictor
    ) {
        self.parameters = parameters
        self.classes = classes
        self.trainingReport = trainingReport
        self.nodes = nodes
        self.predictor = predictor
    }

    public var payload: RandomForestPayload { RandomForestPayload(nodes) }

    public func scores(for bitmap: Bitmap) -> DigitScores {
        predictor.scores(for: bitmap)
    }
}
