import Classifiers
import DigitAPI
import Digits
import Foundation
import ModelFiles
import Testing

@testable import Experiments

@Suite("A state folder's backup and its verification")
struct StateBackupTests {
    private let folder = StoreFolder()
    private let copies = StoreFolder()
    private var copy: String { copies.path + "/copy" }

    private static let model: Result<ModelDocument, any Error> = Result {
        ModelDocument(
            model: try MultinomialNaiveBayesParameters().fit(
                StoreFixture.rows, rows: Array(StoreFixture.rows.bitmaps.indices), seed: 0),
            training: StoreFixture.version(2, of: .multinomialNaiveBayes).provenance)
    }

    /// A store with a data set, an experiment on it, and the version that came of it.
    private func filledStore() throws -> ExperimentStore {
        let store = try folder.store()
        let library = DatasetLibrary(store: store, semeionPath: "/nowhere")
        _ = try library.put(StoreFixture.rows.encoded(as: .packed), format: .packed, as: try #require(DatasetName("mine")))
        let id = try StoreFixture.submit(to: store).id
        _ = try store.claimNext()
        try Self.model.get().write(to: store.folder.modelPath(classifier: .multinomialNaiveBayes, version: 2))
        let version = StoreFixture.version(2, of: .multinomialNaiveBayes, promotion: "better")
        try store.succeed(id, report: [1, 2, 3], decisions: [], versions: [version], runSeconds: 0)
        return store
    }

    @Test("a backup of a folder that a server uses is whole, and a server starts from it")
    func backedUp() throws {
        let store = try filledStore()
        let backup = try StateBackup(of: folder.path, to: copy)
        #expect(backup.summary == StateSummary(experimentCount: 1, modelVersionCount: 1, datasetCount: 1))
        #expect(backup.faults == [])
        // What comes afterwards is not in it.
        try StoreFixture.submit(to: store)
        #expect(try FileManager.default.contentsOfDirectory(atPath: copy).sorted() == ["datasets", "digitd.sqlite", "versions"])
        let verification = try StateVerification(folder: copy)
        #expect(verification.faults == [])
        #expect(verification.summary == backup.summary)
        #expect(try StateVerification(folder: folder.path).summary?.experimentCount == 2)

        let restored = try ExperimentStore(folder: StateFolder(path: copy))
        let page = try restored.experiments(state: nil, limit: 9, after: nil)
        #expect(page.experiments.map(\.state) == [.succeeded])
        #expect(try restored.report(of: page.experiments[0].id) == [1, 2, 3])
        #expect(try restored.activeVersions() == [.multinomialNaiveBayes: 2])
        let loader = ModelLoader(shippedFolder: "/nowhere", store: restored)
        #expect(try loader.model(try #require(try restored.modelVersions().first)).name == .multinomialNaiveBayes)
        #expect(
            try DatasetLibrary(store: restored, semeionPath: "/nowhere").kept(sha256: StoreFixture.rows.sha256, name: "mine").labels
                == StoreFixture.rows.labels)
    }

    @Test("a folder that holds anything is refused and left as it is, and so is one without a database")
    func refused() throws {
        _ = try filledStore()
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        try Data("mine".utf8).write(to: URL(filePath: copy + "/notes"))
        #expect(throws: ExperimentsError.backupFolderNotEmpty(folder: copy, found: "notes")) { try StateBackup(of: folder.path, to: copy) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: copy) == ["notes"])
        #expect(throws: ExperimentsError.unusableFolder(folder: copy, reason: "there is no \(copy)/digitd.sqlite")) {
            try StateVerification(folder: copy)
        }
    }

    @Test("rows that only a model version was trained on are copied where they are kept, and not missed where they are not")
    func rowsOfVersions() throws {
        let store = try filledStore()
        #expect(try store.removeDataset(try #require(DatasetName("mine"))))
        try store.delete(try #require(try store.experiments(state: nil, limit: 1, after: nil).experiments.first).id)
        let rows = "datasets/\(StoreFixture.rows.sha256).bin"
        #expect(try StateBackup(of: folder.path, to: copy).faults == [])
        #expect(try Data(contentsOf: URL(filePath: "\(copy)/\(rows)")) == Data(StoreFixture.rows.encoded(as: .packed)))
        try FileManager.default.removeItem(atPath: "\(copy)/\(rows)")
        #expect(try StateVerification(folder: copy).faults == [])
        try Data("torn".utf8).write(to: URL(filePath: "\(folder.path)/\(rows)"))
        #expect(try StateVerification(folder: folder.path).faults.count == 1)
    }

    @Test("every file that is gone or is not what its checksum says is named, in the folder and while it is backed up")
    func fileFaults() throws {
        let store = try filledStore()
        let rows = store.folder.datasetPath(sha256: StoreFixture.rows.sha256)
        var bytes = try Data(contentsOf: URL(filePath: rows))
        bytes[40] ^= 1
        try bytes.write(to: URL(filePath: rows))
        let model = store.folder.modelPath(classifier: .multinomialNaiveBayes, version: 2)
        try FileManager.default.removeItem(atPath: model)
        let faults = try StateVerification(folder: folder.path).faults
        #expect(faults.count == 2)
        #expect(faults.first == .wrongRows(file: rows, expectedSHA256: StoreFixture.rows.sha256))
        #expect("\(try #require(faults.last))".hasPrefix("\(model): cannot be read: "))
        // All else is there all the same.
        let backup = try StateBackup(of: folder.path, to: copy)
        #expect(backup.faults.count == 2)
        #expect("\(try #require(backup.faults.last))".hasPrefix("\(model): cannot be read: "))
        #expect(try StateVerification(folder: copy).summary?.experimentCount == 1)
    }

    @Test("a database whose pages contradict each other is a fault")
    func databaseFaults() throws {
        let store = try filledStore()
        for _ in 0..<200 { try StoreFixture.submit(to: store) }
        try store.close()
        var bytes = try Data(contentsOf: URL(filePath: store.folder.databasePath))
        for index in (bytes.count / 2 / 4096 * 4096)..<bytes.count { bytes[index] = 0xA5 }
        try bytes.write(to: URL(filePath: store.folder.databasePath))
        let faults = try StateVerification(folder: folder.path).faults
        guard case .damagedDatabase(store.folder.databasePath, _)? = faults.first else {
            Issue.record("torn pages were not seen: \(faults)")
            return
        }
    }
}
