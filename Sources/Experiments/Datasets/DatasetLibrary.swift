import Digits
import Files
import Foundation
import Threads

/// The data sets that experiments can be trained on: those that digitd brings along or finds, those that were uploaded, and each of them
/// with the feedback behind it.
///
/// Rows that an experiment is made of are written to a file named after their content, which nothing changes afterwards: what is uploaded or
/// corrected meanwhile belongs to later experiments.
public struct DatasetLibrary: Sendable {
    /// What is known of a data set.
    public struct Entry: Sendable {
        /// What is wrong with rows that were kept.
        public enum Fault: Sendable {
            /// The file holds other rows.
            case damaged
            case unreadable
        }

        public let reference: DatasetReference
        public let sha256: String
        /// Rows of each digit, 0 to 9; all 0 where they cannot be told because of a fault.
        public let digitCounts: [Int]
        /// Of those, the rows of each digit that corrected digits add; nil where the reference does not ask for them.
        public fileprivate(set) var feedbackCounts: [Int]?
        /// When it was uploaded; nil for those that were not.
        public let created: Timestamp?
        /// Nil where the rows can be had.
        public fileprivate(set) var fault: Fault?

        public var rowCount: Int { digitCounts.reduce(0, +) }

        init(_ reference: DatasetReference, sha256: String, digitCounts: [Int], created: Timestamp?) {
            self.reference = reference
            self.sha256 = sha256
            self.digitCounts = digitCounts
            self.created = created
        }

        init(_ stored: StoredDataset) {
            self.init(
                DatasetReference(name: stored.name), sha256: stored.sha256, digitCounts: stored.digitCounts, created: stored.created)
        }
    }

    /// Of Semeion's rows, as `DigitDataset.sha256`: a file that holds others is not it.
    private static let semeionSHA256 = "a9b2e4799ea2d7279cd8122ee75a7f102f93ef98b42f34bce2643925316927fd"
    /// As many as Semeion has; drawn once.
    private static let syntheticRows = SyntheticDigits.dataset(rowCount: 1_593, seed: 0)

    /// Whether the file of rows of that name holds rows that are always there, or that Semeion's own file gives again.
    static func canBeHadAgain(rowsFileName name: String) -> Bool {
        name == "\(semeionSHA256).bin" || name == "\(syntheticRows.sha256).bin"
    }

    private let store: ExperimentStore
    private let semeionPath: String
    /// Held while files of rows come and go.
    private let files = Locked(())

    /// - Parameter semeionPath: where Semeion's file is, if it is anywhere.
    public init(store: ExperimentStore, semeionPath: String) {
        self.store = store
        self.semeionPath = semeionPath
    }

    /// The rows that a request names, as they are now.
    ///
    /// - Throws: `ExperimentsError.unknownDataset`, `.badDataset`.
    func rows(of reference: DatasetReference) throws(ExperimentsError) -> DigitDataset {
        let rows = try rows(named: reference.name)
        guard reference.includesFeedback else { return rows }
        return try appending(store.feedback(), to: rows, as: reference)
    }

    private func appending(
        _ feedback: (bitmaps: [Bitmap], digits: [UInt8]), to rows: DigitDataset, as reference: DatasetReference
    ) throws(ExperimentsError) -> DigitDataset {
        try valid { () throws(DigitsError) in
            try DigitDataset(
                name: reference.description, bitmaps: rows.bitmaps + feedback.bitmaps, labels: rows.labels + feedback.digits)
        }
    }

    /// Writes rows where workers read them, unless they are there, and has `refer` write down what needs them. Until then nobody takes them for
    /// rows that nothing refers to; where it throws, they are that.
    ///
    /// - Throws: `ExperimentsError.unwritableFile`; what `refer` throws.
    func keeping<Value>(
        _ dataset: DigitDataset, refer: () throws(ExperimentsError) -> Value
    ) throws(ExperimentsError) -> Value {
        try files.withLock { _ throws(ExperimentsError) in
            try keep(dataset)
            do throws(ExperimentsError) {
                return try refer()
            } catch {
                try? store.removeUnreferencedRows()
                throw error
            }
        }
    }

    /// Removes rows that no data set and no experiment needs any more. Where that fails, the next start does it.
    func removeUnreferencedRows() {
        files.withLock { _ in try? store.removeUnreferencedRows() }
    }

    /// A file that holds anything but these rows is written anew: it was damaged.
    private func keep(_ dataset: DigitDataset) throws(ExperimentsError) {
        let path = store.folder.datasetPath(sha256: dataset.sha256)
        let bytes = dataset.encoded(as: .packed)
        if FileManager.default.fileExists(atPath: path), let found = try? FileBytes.read(path), found == bytes { return }
        do throws(FileError) {
            try DurableFile.replace(path, with: bytes)
        } catch {
            throw .unwritableFile(error)
        }
    }

    /// Rows that were kept. Those that can be had again are, where the file is gone or damaged.
    ///
    /// - Throws: `ExperimentsError.badDataset` where the file is gone, `.wrongRows` where it holds other rows.
    func kept(sha256: String, name: String) throws(ExperimentsError) -> DigitDataset {
        do throws(ExperimentsError) {
            return try keptRows(sha256: sha256, name: name)
        } catch {
            guard let original = original(sha256: sha256) else { throw error }
            // Whatever stands there is of no use, and may be nothing that can be read to its end.
            DurableFile.remove(store.folder.datasetPath(sha256: sha256))
            try keeping(original) { () throws(ExperimentsError) in }
            return try keptRows(sha256: sha256, name: name)
        }
    }

    private func keptRows(sha256: String, name: String) throws(ExperimentsError) -> DigitDataset {
        let path = store.folder.datasetPath(sha256: sha256)
        let dataset = try valid { () throws(DigitsError) in try DatasetLibrary.read(path, name: name, format: .packed) }
        guard dataset.sha256 == sha256 else {
            throw .wrongRows(file: path, expectedSHA256: sha256)
        }
        return dataset
    }

    /// Rows that are always there or that Semeion's own file gives; nil for others.
    private func original(sha256: String) -> DigitDataset? {
        switch sha256 {
        case DatasetLibrary.syntheticRows.sha256: DatasetLibrary.syntheticRows
        case DatasetLibrary.semeionSHA256: try? semeionOfFile()
        default: nil
        }
    }

    /// Rows of that content: kept for an experiment, a data set or a model version, or of those that digitd brings along or finds.
    ///
    /// - Throws: `ExperimentsError.unknownDataset` where they are not there any more; as `kept`.
    func rows(sha256: String, name: String) throws(ExperimentsError) -> DigitDataset {
        if FileManager.default.fileExists(atPath: store.folder.datasetPath(sha256: sha256)) { return try kept(sha256: sha256, name: name) }
        if sha256 == DatasetLibrary.semeionSHA256 { return try semeion() }
        if sha256 == DatasetLibrary.syntheticRows.sha256 { return DatasetLibrary.syntheticRows }
        throw .unknownDataset(name: name, reason: "its rows are not kept any more")
    }

    /// Writes rows that are needed for a while where workers read them.
    ///
    /// - Returns: the path, for `remove`. What a server that was killed leaves there goes at the next start.
    func write(_ dataset: DigitDataset) throws(ExperimentsError) -> String {
        let path = store.folder.passingDatasetPath(sha256: dataset.sha256)
        do throws(FileError) {
            try DurableFile.replace(path, with: dataset.encoded(as: .packed))
        } catch {
            throw .unwritableFile(error)
        }
        return path
    }

    func remove(_ path: String) { unlink(path) }

    /// Stores rows under a name, in place of those that had it.
    ///
    /// - Parameter format: nil for what the content looks like.
    /// - Returns: what is known of it, and whether the name is new.
    /// - Throws: `ExperimentsError.reservedDatasetName`, `.badDataset` with line and reason: nothing is stored then.
    public func put(
        _ bytes: [UInt8], format: DatasetFormat?, as name: DatasetName
    ) throws(ExperimentsError) -> (entry: Entry, isNew: Bool) {
        guard !name.isBuiltIn else { throw .reservedDatasetName(name) }
        let format = format ?? DatasetFormat(sniffing: bytes.span)
        let dataset = try valid { () throws(DigitsError) in try DigitDataset(name: name.description, bytes: bytes.span, format: format) }
        let isNew = try keeping(dataset) { () throws(ExperimentsError) in try store.name(dataset, name) }
        if !isNew { removeUnreferencedRows() }
        return (try entry(named: name), isNew)
    }

    /// All data sets that there are now: those that are always there first, then by name. Reads all rows, to say of which something is wrong.
    public func entries() throws(ExperimentsError) -> [Entry] {
        var entries: [Entry] = []
        for name in DatasetName.builtIn {
            do throws(ExperimentsError) {
                entries.append(try entry(named: name))
            } catch .unknownDataset {
                continue
            }
        }
        return try entries + store.datasets().map(entry(of:))
    }

    /// - Throws: `ExperimentsError.unknownDataset`.
    public func entry(named name: DatasetName) throws(ExperimentsError) -> Entry {
        if !name.isBuiltIn, let stored = try store.dataset(name) { return entry(of: stored) }
        let reference = DatasetReference(name: name)
        do throws(ExperimentsError) {
            let dataset = try rows(named: name)
            return Entry(reference, sha256: dataset.sha256, digitCounts: dataset.digitCounts, created: nil)
        } catch {
            // Of those that are built in, only Semeion's rows come from a file.
            guard let fault = Entry.Fault(error) else { throw error }
            let none = [Int](repeating: 0, count: DigitDataset.classCount)
            var entry = Entry(reference, sha256: DatasetLibrary.semeionSHA256, digitCounts: none, created: nil)
            entry.fault = fault
            return entry
        }
    }

    private func entry(of stored: StoredDataset) -> Entry {
        var entry = Entry(stored)
        entry.fault = StateContents.File.rows(sha256: stored.sha256).fault(in: store.folder.path).flatMap(Entry.Fault.init)
        return entry
    }

    /// As `entry(named:)`, with the corrected digits behind the rows where the reference has them.
    public func entry(of reference: DatasetReference) throws(ExperimentsError) -> Entry {
        guard reference.includesFeedback else { return try entry(named: reference.name) }
        let feedback = try store.feedback()
        let dataset = try appending(feedback, to: rows(named: reference.name), as: reference)
        let created = try entry(named: reference.name).created
        var entry = Entry(reference, sha256: dataset.sha256, digitCounts: dataset.digitCounts, created: created)
        entry.feedbackCounts = feedback.digits.reduce(into: [Int](repeating: 0, count: DigitDataset.classCount)) { $0[Int($1)] += 1 }
        return entry
    }

    /// Takes the name from an uploaded data set; its rows go where no experiment needs them.
    ///
    /// - Throws: `ExperimentsError.reservedDatasetName`, `.unknownDataset`.
    public func delete(_ name: DatasetName) throws(ExperimentsError) {
        guard !name.isBuiltIn else { throw .reservedDatasetName(name) }
        guard try store.removeDataset(name) else {
            throw .unknownDataset(name: name.description, reason: "nothing was uploaded under this name")
        }
        removeUnreferencedRows()
    }

    private func rows(named name: DatasetName) throws(ExperimentsError) -> DigitDataset {
        switch name {
        case .semeion: return try semeion()
        case .synthetic: return DatasetLibrary.syntheticRows
        default:
            guard let stored = try store.dataset(name) else {
                throw .unknownDataset(name: name.description, reason: "nothing was uploaded under this name")
            }
            return try kept(sha256: stored.sha256, name: name.description)
        }
    }

    /// From its file, once: then from the rows kept of it.
    private func semeion() throws(ExperimentsError) -> DigitDataset {
        let name = DatasetName.semeion.description
        if FileManager.default.fileExists(atPath: store.folder.datasetPath(sha256: DatasetLibrary.semeionSHA256)) {
            return try kept(sha256: DatasetLibrary.semeionSHA256, name: name)
        }
        let dataset = try semeionOfFile()
        try keeping(dataset) { () throws(ExperimentsError) in }
        return dataset
    }

    /// - Throws: `ExperimentsError.unknownDataset` where the file is not there, or is not Semeion's.
    private func semeionOfFile() throws(ExperimentsError) -> DigitDataset {
        let name = DatasetName.semeion.description
        guard FileManager.default.fileExists(atPath: semeionPath) else {
            throw .unknownDataset(name: name, reason: "\(semeionPath) is not there; scripts/fetch-semeion gets it")
        }
        let dataset: DigitDataset
        do throws(DigitsError) {
            dataset = try DatasetLibrary.read(semeionPath, name: name, format: .semeion)
        } catch {
            throw .unknownDataset(name: name, reason: "\(error)")
        }
        guard dataset.sha256 == DatasetLibrary.semeionSHA256 else {
            throw .unknownDataset(name: name, reason: "\(semeionPath) holds other rows than Semeion's")
        }
        return dataset
    }

    private static func read(_ path: String, name: String, format: DatasetFormat) throws(DigitsError) -> DigitDataset {
        let bytes: [UInt8]
        do throws(FileError) { bytes = try FileBytes.read(path) } catch { throw .file(error) }
        do {
            return try DigitDataset(name: name, bytes: bytes.span, format: format)
        } catch {
            throw .inFile(path, error)
        }
    }

    private func valid(_ read: () throws(DigitsError) -> DigitDataset) throws(ExperimentsError) -> DigitDataset {
        do throws(DigitsError) {
            return try read()
        } catch {
            throw .badDataset(error)
        }
    }
}

extension DatasetLibrary.Entry.Fault {
    /// Nil for what is wrong with something else.
    fileprivate init?(_ error: ExperimentsError) {
        switch error {
        case .wrongRows: self = .damaged
        case .badDataset(.file): self = .unreadable
        case .badDataset: self = .damaged
        default: return nil
        }
    }
}
