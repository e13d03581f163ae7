import Classifiers
import ModelSelection

/// What a new experiment is asked to be; what is left out the server fills in.
struct NewExperiment: Encodable, Hashable, Sendable {
    /// How a search goes through its candidates.
    enum Strategy: String, CaseIterable, Encodable, Sendable {
        case grid, random, halving
    }

    /// When the best models replace those in service.
    enum Promotion: String, CaseIterable, Encodable, Sendable {
        case never, always
        case ifBetter = "if-better"
    }

    /// How rows are held out.
    enum Folds: Encodable, Hashable, Sendable {
        case count(Int)
        case leaveOneOut
        /// The fold of every row.
        case rows([Int])

        static let leaveOneOutName = "leave-one-out"

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .count(let count): try container.encode(count)
            case .leaveOneOut: try container.encode(Folds.leaveOneOutName)
            case .rows(let folds): try container.encode(folds)
            }
        }
    }

    /// A classifier and the values to try of its hyperparameters.
    struct Entry: Encodable, Hashable, Sendable {
        let classifier: ClassifierName
        let grid: [String: [ParameterValue]]

        init(_ entry: SearchSpace.Entry) {
            classifier = entry.classifier
            grid = entry.grid
        }
    }

    var name: String?
    var dataset: String?
    var preset: SearchPreset?
    var search: [Entry]?
    var strategy: Strategy?
    /// How many of them are drawn, with the strategy `random`.
    var candidates: Int?
    var folds: Folds?
    var folding: Folding?
    var seed: UInt64?
    var priority: Int?
    var promote: Promotion?
}

extension SearchPreset: Encodable {}
extension Folding: Encodable {}
