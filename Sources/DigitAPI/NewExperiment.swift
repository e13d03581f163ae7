import Classifiers

/// What `POST /experiments` asks for; what is left out the server fills in.
package struct NewExperiment: Encodable, Hashable, Sendable {
    /// How rows are held out.
    package enum Folds: Encodable, Hashable, Sendable {
        case count(Int)
        case leaveOneOut
        /// The fold of every row.
        case rows([Int])

        package static let leaveOneOutName = "leave-one-out"

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .count(let count): try container.encode(count)
            case .leaveOneOut: try container.encode(Folds.leaveOneOutName)
            case .rows(let folds): try container.encode(folds)
            }
        }
    }

    /// A classifier and the values to try of its hyperparameters.
    package struct Entry: Encodable, Hashable, Sendable {
        package let classifier: ClassifierName
        package let grid: [String: [ParameterValue]]

        package init(classifier: ClassifierName, grid: [String: [ParameterValue]]) {
            self.classifier = classifier
            self.grid = grid
        }
    }

    package let name: String?
    package let dataset: String?
    /// The name of a search that comes with digitd.
    package let preset: String?
    package let search: [Entry]?
    package let strategy: SearchStrategy?
    /// How many of them are drawn, with the strategy `random`.
    package let candidates: Int?
    package let folds: Folds?
    package let folding: Folding?
    package let seed: UInt64?
    package let priority: Int?
    package let promote: Promotion?

    package init(
        name: String? = nil, dataset: String? = nil, preset: String? = nil, search: [Entry]? = nil, strategy: SearchStrategy? = nil,
        candidates: Int? = nil, folds: Folds? = nil, folding: Folding? = nil, seed: UInt64? = nil, priority: Int? = nil,
        promote: Promotion? = nil
    ) {
        self.name = name
        self.dataset = dataset
        self.preset = preset
        self.search = search
        self.strategy = strategy
        self.candidates = candidates
        self.folds = folds
        self.folding = folding
        self.seed = seed
        self.priority = priority
        self.promote = promote
    }
}

/// How a search goes through its candidates.
public enum SearchStrategy: String, CaseIterable, Codable, Sendable {
    /// Every one on all rows.
    case grid
    /// Some of them, drawn without replacement.
    case random
    /// Successive halving: all on few rows, the better ones on more.
    case halving
}

/// Which rows come together in a fold, where a number of folds is asked for.
public enum Folding: String, CaseIterable, Codable, Sendable {
    /// Every fold has the same share of each digit.
    case stratified
    /// Consecutive rows.
    case blocks
}

/// When the best model of each classifier takes the place of the active one.
public enum Promotion: String, CaseIterable, Codable, Sendable {
    case never
    case ifBetter = "if-better"
    case always
}
