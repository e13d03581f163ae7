import Digits

/// Where trees stop to grow and how far they are cut back, in scikit-learn's names: `max_depth`, `min_samples_leaf`, `min_samples_split`,
/// `max_leaf_nodes` and `ccp_alpha`.
public struct TreeLimits: Hashable, Sendable {
    /// Most splits between the root and a leaf, 1 or more; nil for as many as there are to make.
    public let maxDepth: Int?
    /// Fewest different rows of the sample in a leaf, 1 or more.
    public let minSamplesLeaf: RowMinimum
    /// Fewest different rows of the sample in a node that is split, 2 or more.
    public let minSamplesSplit: RowMinimum
    /// Most leaves, 2 or more, for trees whose best splits are made first; nil for as many as there are to make.
    public let maxLeafNodes: Int?
    /// What a leaf has to be worth for trees to keep it, in impurity of all rows together, 0 or more: the alpha of minimal cost-complexity
    /// pruning. 0 for no pruning.
    public let ccpAlpha: Double

    /// - Precondition: numbers in the ranges above.
    public init(
        maxDepth: Int? = nil, minSamplesLeaf: RowMinimum = 1, minSamplesSplit: RowMinimum = 2, maxLeafNodes: Int? = nil,
        ccpAlpha: Double = 0
    ) {
        precondition(maxDepth.map { $0 >= 1 } ?? true, "a tree has one level of splits or more")
        precondition(maxLeafNodes.map { $0 >= 2 } ?? true, "a tree with a split has two leaves or more")
        precondition(minSamplesLeaf.isValid(least: 1), "a leaf has one row or more")
        precondition(minSamplesSplit.isValid(least: 2), "a split has two rows or more")
        precondition(ccpAlpha >= 0 && ccpAlpha.isFinite, "alpha is a number, 0 or greater")
        self.maxDepth = maxDepth
        self.minSamplesLeaf = minSamplesLeaf
        self.minSamplesSplit = minSamplesSplit
        self.maxLeafNodes = maxLeafNodes
        self.ccpAlpha = ccpAlpha
    }

    /// The names of these parameters.
    static let names = ["ccp_alpha", "max_depth", "max_leaf_nodes", "min_samples_leaf", "min_samples_split"]

    init(values: ParameterValues) throws(TrainingError) {
        maxDepth = try values.optionalInteger("max_depth", in: 1...Int.max)
        maxLeafNodes = try values.optionalInteger("max_leaf_nodes", in: 2...Int.max)
        minSamplesLeaf = try RowMinimum(values, "min_samples_leaf", least: 1)
        minSamplesSplit = try RowMinimum(values, "min_samples_split", least: 2)
        ccpAlpha = try values.nonNegativeNumber("ccp_alpha", default: 0)
    }

    /// Writes these parameters: the depth and the rows of a leaf always, the others where they are not the default, so that documents written
    /// before they could be chosen keep their bytes.
    func write(to values: inout ParameterValues) {
        values["max_depth"] = maxDepth.map(ParameterValue.integer) ?? .null
        values["min_samples_leaf"] = minSamplesLeaf.value
        if minSamplesSplit != 2 { values["min_samples_split"] = minSamplesSplit.value }
        if let maxLeafNodes { values["max_leaf_nodes"] = .integer(maxLeafNodes) }
        if ccpAlpha != 0 { values["ccp_alpha"] = .spelled(ccpAlpha) }
    }

    /// Whether a tree of limited depth is the deeper tree, cut. One whose leaves are counted, or that is pruned, is another one.
    var depthIsACut: Bool { maxLeafNodes == nil && ccpAlpha == 0 }
}

/// Fewest rows, as a number or as a share of those that a model is trained on.
public enum RowMinimum: Hashable, Sendable, ExpressibleByIntegerLiteral {
    case number(Int)
    /// Above 0 and below 1; the product with the number of rows is rounded up.
    case share(Double)

    public init(integerLiteral number: Int) {
        self = .number(number)
    }

    /// - Parameter least: the default, and the least number.
    init(_ values: ParameterValues, _ name: String, least: Int) throws(TrainingError) {
        switch values[name] {
        case nil: self = .number(least)
        case .integer(let number)? where number >= least: self = .number(number)
        // 1 and 1.0 are one number in JSON, and so no share.
        case .number(let share)? where share > 0 && share < 1: self = .share(share)
        case let found?:
            throw .invalidParameter(name: name, found: found, expected: "a whole number from \(least), or a share between 0 and 1")
        }
    }

    var value: ParameterValue {
        switch self {
        case .number(let number): .integer(number)
        case .share(let share): .number(share)
        }
    }

    /// As a number of rows.
    ///
    /// - Parameter rowCount: of the rows that a model is trained on.
    func count(of rowCount: Int) -> Int {
        switch self {
        case .number(let number): number
        case .share(let share): Int((share * Double(rowCount)).rounded(.up))
        }
    }

    fileprivate func isValid(least: Int) -> Bool {
        switch self {
        case .number(let number): number >= least
        case .share(let share): share > 0 && share < 1
        }
    }
}
