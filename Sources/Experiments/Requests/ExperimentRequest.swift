import Classifiers
import DigitAPI
import Digits
import ModelSelection

/// What `POST /experiments` asks for, valid field by field and with every default filled in. `ExperimentPlan` expands its search, and says
/// what does not fit the rows.
public struct ExperimentRequest: Hashable, Sendable {
    /// What people call it; digitd does nothing with it.
    public let name: String?
    public let dataset: DatasetReference
    public let search: Search
    public let selection: Selection
    public let folds: Folds
    /// Decides folds, sampling and training.
    public let seed: UInt64
    /// Larger ones run first.
    public let priority: Int
    public let promote: Promotion
    /// Whether a model may be put into service that knows fewer digits than the one it replaces.
    public let allowsFewerClasses: Bool

    /// Which candidates there are.
    public enum Search: Hashable, Sendable {
        case preset(SearchPreset)
        case entries([SearchSpace.Entry])

        /// The candidates.
        ///
        /// - Throws: as `SearchSpace.init(entries:)`.
        public func space() throws(SearchError) -> SearchSpace {
            switch self {
            case .preset(let preset): try preset.space()
            case .entries(let entries): try SearchSpace(entries: entries)
            }
        }
    }

    /// Which of the candidates are measured, and on how many rows.
    public enum Selection: Hashable, Sendable {
        /// Every one on all rows.
        case all
        /// So many of them on all rows, drawn without replacement with the seed: 1 to as many as there are.
        case drawn(candidateCount: Int)
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

    public static let foldCounts = 2...50
    public static let priorities = -100...100
    /// Characters of a name, at most.
    public static let nameLengthLimit = 200

    /// - Precondition: the values are valid; from outside they come by `init(json:)`.
    init(
        name: String?, dataset: DatasetReference, search: Search, selection: Selection, folds: Folds, seed: UInt64, priority: Int,
        promote: Promotion, allowsFewerClasses: Bool
    ) {
        self.name = name
        self.dataset = dataset
        self.search = search
        self.selection = selection
        self.folds = folds
        self.seed = seed
        self.priority = priority
        self.promote = promote
        self.allowsFewerClasses = allowsFewerClasses
    }
}

extension ExperimentRequest {
    /// The candidates that are measured.
    ///
    /// - Throws: `ExperimentRequestError` for a search that cannot be expanded, or has fewer candidates than are to be drawn.
    func space() throws(ExperimentRequestError) -> SearchSpace {
        let space: SearchSpace
        do throws(SearchError) { space = try search.space() } catch { throw .invalidSearch(error) }
        guard case .drawn(let candidateCount) = selection else { return space }
        guard candidateCount <= space.rows.count else {
            throw .invalidValue(
                field: Field.candidates.rawValue, found: "\(candidateCount)",
                expected: "at most \(space.rows.count), as many as the search has")
        }
        return space.drawing(candidateCount, seed: seed)
    }

    /// As `init(json:)` reads it, with every default filled in.
    var wire: NewExperiment {
        let (preset, entries): (String?, [NewExperiment.Entry]?) =
            switch search {
            case .preset(let preset): (preset.rawValue, nil)
            case .entries(let entries): (nil, entries.map { NewExperiment.Entry(classifier: $0.classifier, grid: $0.grid) })
            }
        let (strategy, drawnCount): (SearchStrategy, Int?) =
            switch selection {
            case .all: (.grid, nil)
            case .drawn(let candidateCount): (.random, candidateCount)
            case .halving: (.halving, nil)
            }
        let (folds, folding): (NewExperiment.Folds, Folding?) =
            switch folds {
            case .count(let count, let folding): (.count(count), folding)
            case .leaveOneOut: (.leaveOneOut, nil)
            case .assignment(let assignment): (.rows(assignment.foldOfRow), nil)
            }
        return NewExperiment(
            name: name, dataset: dataset.description, preset: preset, search: entries, strategy: strategy, candidates: drawnCount,
            folds: folds, folding: folding, seed: seed, priority: priority, promote: promote,
            allowFewerClasses: allowsFewerClasses ? true : nil)
    }
}
