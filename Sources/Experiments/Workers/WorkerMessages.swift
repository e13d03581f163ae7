import Classifiers
import Digits
import ModelSelection

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a worker is told first: the search that its units are of.
///
/// Both sides make the same search of it: candidates are numbered in the order of the entries' grids.
public struct WorkerSearch: Codable, Sendable {
    /// A file of packed rows (`DatasetFormat.packed`) that both sides can read.
    public let datasetPath: String
    public let datasetName: String
    public let datasetSHA256: String
    public let entries: [Entry]
    public let foldOfRow: [Int]
    public let seed: UInt64

    /// One classifier and the values to try of each hyperparameter.
    public struct Entry: Codable, Sendable {
        public let classifier: ClassifierName
        public let grid: [String: [ParameterValue]]
    }

    /// - Parameter datasetPath: where the search's data set stands, packed.
    public init(_ search: GridSearch, datasetPath: String) {
        self.datasetPath = datasetPath
        datasetName = search.dataset.name
        datasetSHA256 = search.dataset.sha256
        entries = search.space.entries.map { Entry(classifier: $0.classifier, grid: $0.grid) }
        foldOfRow = search.folds.foldOfRow
        seed = search.seed
    }

    /// The search, its data set read anew.
    ///
    /// - Throws: `DigitsError` for a file that is not the data set's, `SearchError` for entries that are no search.
    public func search() throws -> GridSearch {
        let bytes = try FileBytes.read(datasetPath)
        let dataset = try DigitDataset(name: datasetName, bytes: bytes.span, format: .packed)
        guard dataset.sha256 == datasetSHA256 else {
            throw WorkerError.wrongDataset(path: datasetPath, found: dataset.sha256, expected: datasetSHA256)
        }
        let space = try SearchSpace(entries: entries.map { SearchSpace.Entry(classifier: $0.classifier, grid: $0.grid) })
        return try GridSearch(space: space, dataset: dataset, folds: FoldAssignment(foldOfRow: foldOfRow), seed: seed)
    }
}

/// What a worker answers for a unit.
public struct WorkerResult: Codable, Sendable {
    /// The unit, as it was sent.
    public let unit: SearchUnit
    public let trials: JournalUnit
    /// How long it took.
    public let seconds: Double
}

/// Messages as lines of JSON.
enum WorkerLine {
    static func bytes(of message: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(message)) + [UInt8(ascii: "\n")]
    }

    static func message<Message: Decodable>(_ type: Message.Type, of line: some Sequence<UInt8>) throws -> Message {
        try JSONDecoder().decode(type, from: Data(line))
    }
}
