import Classifiers
import DigitAPI
import Digits
import ModelSelection

/// What somebody asks for with `POST /experiments`, valid and with everything filled in.
public struct ExperimentRequest: Hashable, Sendable {
    /// What people call it; digitd does nothing with it.
    public let name: String?
    public let dataset: DatasetReference
    public let search: Search
    public let strategy: Strategy
    public let folds: Folds
    /// Decides folds, sampling and training.
    public let seed: UInt64
    /// Larger ones run first.
    public let priority: Int
    public let promote: Promotion

    /// Which candidates there are.
    public enum Search: Hashable, Sendable {
        case preset(SearchPreset)
        case entries([SearchSpace.Entry])

        /// The candidates.
        ///
        /// - Throws: as `SearchSpace.init(entries:)`; not for the search of a request, which was expanded when it was read.
        public func space() throws(SearchError) -> SearchSpace {
            switch self {
            case .preset(let preset): try preset.space()
            case .entries(let entries): try SearchSpace(entries: entries)
            }
        }
    }

    /// Which of the candidates are measured, and on how many rows.
    public enum Strategy: Hashable, Sendable {
        /// Every one on all rows.
        case grid
        /// So many of them, drawn without replacement with the seed: 1 to as many as there are.
        case random(candidateCount: Int)
        /// Successive halving: all on few rows, the better ones on more.
        case halving
    }

    /// How the rows are divided.
    public enum Folds: Hashable, Sendable {
        /// So many folds of about equal size, 2...50.
        case count(Int, Folding)
        /// A fold a row.
        case leaveOneOut
        /// The fold of every row, as the request gives it.
        case assignment(FoldAssignment)
    }

    public typealias Folding = DigitAPI.Folding
    public typealias Promotion = DigitAPI.Promotion

    public static let foldCounts = 2...50
    public static let priorities = -100...100
    /// Characters of a name, at most.
    public static let nameLengthLimit = 200

    /// - Precondition: the values are valid; from outside they come by `init(json:)`.
    init(
        name: String?, dataset: DatasetReference, search: Search, strategy: Strategy, folds: Folds, seed: UInt64, priority: Int,
        promote: Promotion
    ) {
        self.name = name
        self.dataset = dataset
        self.search = search
        self.strategy = strategy
        self.folds = folds
        self.seed = seed
        self.priority = priority
        self.promote = promote
    }
}

extension ExperimentRequest: Encodable {
    enum Field: String, CodingKey, CaseIterable {
        case name, dataset, search, preset, strategy, candidates, folds, folding, seed, priority, promote
    }

    /// As `init(json:)` reads it, with every default said.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        try fields.encode(name, forKey: .name)
        try fields.encode(dataset.description, forKey: .dataset)
        switch search {
        case .preset(let preset): try fields.encode(preset.rawValue, forKey: .preset)
        case .entries(let entries): try fields.encode(entries.map(EncodedEntry.init), forKey: .search)
        }
        switch strategy {
        case .grid: try fields.encode("grid", forKey: .strategy)
        case .halving: try fields.encode("halving", forKey: .strategy)
        case .random(let candidateCount):
            try fields.encode("random", forKey: .strategy)
            try fields.encode(candidateCount, forKey: .candidates)
        }
        switch folds {
        case .count(let count, let folding):
            try fields.encode(count, forKey: .folds)
            try fields.encode(folding.rawValue, forKey: .folding)
        case .leaveOneOut: try fields.encode(ExperimentRequest.leaveOneOut, forKey: .folds)
        case .assignment(let assignment): try fields.encode(assignment.foldOfRow, forKey: .folds)
        }
        try fields.encode(seed, forKey: .seed)
        try fields.encode(priority, forKey: .priority)
        try fields.encode(promote.rawValue, forKey: .promote)
    }

    static let leaveOneOut = "leave-one-out"

    private struct EncodedEntry: Encodable {
        let classifier: ClassifierName
        let grid: [String: [ParameterValue]]

        init(_ entry: SearchSpace.Entry) {
            classifier = entry.classifier
            grid = entry.grid
        }
    }
}
