import Classifiers

/// The request of `POST /experiments`; what is left out the server fills in.
public struct NewExperiment: Codable, Hashable, Sendable {
    /// How rows are held out.
    public enum Folds: Codable, Hashable, Sendable {
        case count(Int)
        case leaveOneOut
        /// The fold of every row.
        case rows([Int])

        public static let leaveOneOutName = "leave-one-out"

        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let count = try? container.decode(Int.self) {
                self = .count(count)
            } else if let folds = try? container.decode([Int].self) {
                self = .rows(folds)
            } else {
                let name = try container.decode(String.self)
                guard name == Folds.leaveOneOutName else {
                    throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(name)' is no way to hold rows out")
                }
                self = .leaveOneOut
            }
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .count(let count): try container.encode(count)
            case .leaveOneOut: try container.encode(Folds.leaveOneOutName)
            case .rows(let folds): try container.encode(folds)
            }
        }
    }

    /// A classifier and the values to try of its hyperparameters.
    public struct Entry: Codable, Hashable, Sendable {
        public let classifier: ClassifierName
        public let grid: [String: [ParameterValue]]

        public init(classifier: ClassifierName, grid: [String: [ParameterValue]]) {
            self.classifier = classifier
            self.grid = grid
        }
    }

    public let name: String?
    public let dataset: String?
    /// The name of a search that comes with digitd.
    public let preset: String?
    public let search: [Entry]?
    public let strategy: SearchStrategy?
    /// How many of them are drawn, with the strategy `random`.
    public let candidates: Int?
    public let folds: Folds?
    public let folding: Folding?
    public let seed: UInt64?
    public let priority: Int?
    public let promote: Promotion?
    /// Whether a model may be put into service that knows fewer digits than the one it replaces.
    public let allowFewerClasses: Bool?

    private enum CodingKeys: String, CodingKey {
        case name, dataset, preset, search, strategy, candidates, folds, folding, seed, priority, promote
        case allowFewerClasses = "allow_fewer_classes"
    }

    public init(
        name: String? = nil, dataset: String? = nil, preset: String? = nil, search: [Entry]? = nil, strategy: SearchStrategy? = nil,
        candidates: Int? = nil, folds: Folds? = nil, folding: Folding? = nil, seed: UInt64? = nil, priority: Int? = nil,
        promote: Promotion? = nil, allowFewerClasses: Bool? = nil
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
        self.allowFewerClasses = allowFewerClasses
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
