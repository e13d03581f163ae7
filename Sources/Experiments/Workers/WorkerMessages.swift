import Classifiers
import Digits
import Files
import JSONText
import ModelSelection

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a worker reads first: the search that its units are of.
///
/// Both sides make the same search of it: candidates are numbered in the order of the entries' grids.
public struct WorkerSearch: Codable, Sendable {
    /// A file of packed rows (`DatasetFormat.packed`) that both sides can read.
    public let datasetPath: String
    /// The rows of the file that the search has, in their order; nil for all of them.
    public let rows: [Int]?
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

    /// - Parameters:
    ///   - datasetPath: where the rows stand, packed.
    ///   - rows: those of them that the search's data set has; nil for all.
    public init(_ search: GridSearch, datasetPath: String, rows: [Int]? = nil) {
        self.datasetPath = datasetPath
        self.rows = rows
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
        let file = try DigitDataset(name: datasetName, bytes: bytes.span, format: .packed)
        // Rows past the file's end are not of this data set, and its checksum would say so.
        let dataset = rows.map { rows in file.selecting(rows: rows.filter(file.bitmaps.indices.contains), name: datasetName) } ?? file
        guard dataset.sha256 == datasetSHA256 else {
            throw WorkerError.wrongDataset(path: datasetPath, found: dataset.sha256, expected: datasetSHA256)
        }
        let space = try SearchSpace(entries: entries.map { SearchSpace.Entry(classifier: $0.classifier, grid: $0.grid) })
        return try GridSearch(space: space, dataset: dataset, folds: FoldAssignment(foldOfRow: foldOfRow), seed: seed)
    }
}

/// What a worker says once it has made its search: from then on it takes orders.
struct WorkerReady: Codable {
    let isReady: Bool

    private enum CodingKeys: String, CodingKey { case isReady = "ready" }
}

/// A piece of work for a worker.
public enum WorkerOrder: Codable, Hashable, Sendable {
    /// The trials of a unit.
    case trials(of: SearchUnit)
    case refit(RefitOrder)
}

/// What a worker answers to an order.
public struct WorkerAnswer: Codable, Sendable {
    /// The order, as it was sent.
    public let order: WorkerOrder
    /// Of a unit, its trials.
    public let trials: JournalUnit?
    /// Of a refit, what came of it.
    public let refit: RefitResult?
    /// How long it took.
    public let seconds: Double
}

/// Messages as lines of JSON.
enum WorkerLine {
    static func bytes(of message: some Encodable) throws -> [UInt8] {
        try JSONWriter.line(of: message)
    }

    static func message<Message: Decodable>(_ type: Message.Type, of line: some Sequence<UInt8>) throws -> Message {
        try JSONDecoder().decode(type, from: Data(line))
    }
}
