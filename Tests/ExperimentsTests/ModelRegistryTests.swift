import Classifiers
import Digits
import Foundation
import ModelFiles
import ModelSelection
import Testing

@testable import Experiments

@Suite struct ModelRegistryTests {
    private let folder = StoreFolder()
    private var shippedFolder: String { folder.path + "/shipped" }

    /// Models of different versions are told from each other by their smoothing.
    private func document(alpha: Double) throws -> ModelDocument {
        let rows = StoreFixture.rows
        return ModelDocument(
            model: try MultinomialNaiveBayesParameters(alpha: alpha).fit(rows, rows: Array(0..<rows.count), seed: 0),
            training: StoreFixture.version(2).provenance)
    }

    private func ship() throws {
        try FileManager.default.createDirectory(atPath: shippedFolder, withIntermediateDirectories: true)
        try document(alpha: 1).write(to: shippedFolder + "/multinomial-naive-bayes.json")
    }

    /// Stores a version, as an experiment that succeeds does.
    private func make(_ number: Int, promotion: String?, _ store: ExperimentStore, _ registry: ModelRegistry) async throws {
        try document(alpha: Double(number)).write(
            to: store.folder.modelPath(classifier: .multinomialNaiveBayes, version: number))
        let id = try StoreFixture.submit(to: store).id
        _ = try store.claimNext()
        let version = StoreFixture.version(number, of: .multinomialNaiveBayes, promotion: promotion)
        try await registry.adopt([version]) { () throws(ExperimentsError) in
            try store.succeed(id, report: [], decisions: [], versions: [version], runSeconds: 0)
        }
    }

    private func served(_ registered: ModelRegistry.Registered) -> [Int] { registered.snapshot.models.map(\.version) }

    @Test("what is promoted serves, and after a restart still does; what is only stored does not")
    func promoted() async throws {
        try ship()
        var store: ExperimentStore? = try folder.store()
        var registry: ModelRegistry? = try ModelRegistry(shippedFolder: shippedFolder, store: store)
        #expect(served(try #require(try await registry?.load())) == [1])
        try await make(2, promotion: nil, try #require(store), try #require(registry))
        #expect(served(try #require(try await registry?.load())) == [1])
        try await make(3, promotion: "better", try #require(store), try #require(registry))
        let now = try #require(try await registry?.load())
        #expect(served(now) == [3])
        #expect(now.versions.map(\.version) == [1, 2, 3])
        registry = nil
        store = nil
        store = try folder.store()
        #expect(served(try await ModelRegistry(shippedFolder: shippedFolder, store: store).load()) == [3])
    }

    @Test("a change is published before the call that makes it returns; one that cannot be made changes nothing")
    func published() async throws {
        try ship()
        let store = try folder.store()
        let registry = try ModelRegistry(shippedFolder: shippedFolder, store: store)
        _ = try await registry.load()
        let (published, continuation) = AsyncStream.makeStream(of: [Int].self)
        await registry.publishChanges { continuation.yield($0.snapshot.models.map(\.version)) }
        try await make(2, promotion: nil, store, registry)
        try await registry.activate(.multinomialNaiveBayes, version: 2, reason: "by hand")
        await #expect(throws: ExperimentsError.unknownModelVersion(classifier: .multinomialNaiveBayes, version: "3")) {
            try await registry.activate(.multinomialNaiveBayes, version: 3, reason: "none")
        }
        try Data("torn".utf8).write(to: URL(filePath: store.folder.modelPath(classifier: .multinomialNaiveBayes, version: 2)))
        try await registry.activate(.multinomialNaiveBayes, version: 1, reason: "back")
        await #expect(throws: ExperimentsError.self) {
            try await registry.activate(.multinomialNaiveBayes, version: 2, reason: "torn")
        }
        continuation.finish()
        #expect(await published.reduce(into: [[Int]]()) { $0.append($1) } == [[1], [2], [1]])
        #expect(try store.activeVersions() == [.multinomialNaiveBayes: 1])
        #expect(try store.activations(limit: 9).map(\.reason) == ["back", "by hand"])
    }

    @Test("where an active model cannot be read the shipped one serves, and it is told")
    func fallback() async throws {
        try ship()
        let store = try folder.store()
        let registry = try ModelRegistry(shippedFolder: shippedFolder, store: store)
        _ = try await registry.load()
        try await make(2, promotion: "better", store, registry)
        let path = store.folder.modelPath(classifier: .multinomialNaiveBayes, version: 2)
        try Data(contentsOf: URL(filePath: path)).dropLast(10).write(to: URL(filePath: path))
        let (told, continuation) = AsyncStream.makeStream(of: String.self)
        let registered = try await ModelRegistry(shippedFolder: shippedFolder, store: store).load { version, error in
            continuation.yield("\(version.classifier.rawValue) \(version.version): \(error)")
        }
        continuation.finish()
        #expect(served(registered) == [1])
        let lines = await told.reduce(into: [String]()) { $0.append($1) }
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("multinomial-naive-bayes 2: \(path)") == true, "\(lines)")
    }

    @Test("shipped models that are torn are refused by name at a reload, and those in service stay")
    func reload() async throws {
        try ship()
        let registry = try ModelRegistry(shippedFolder: shippedFolder, store: nil)
        #expect(served(try await registry.load()) == [1])
        let path = shippedFolder + "/multinomial-naive-bayes.json"
        let whole = try Data(contentsOf: URL(filePath: path))
        try whole.dropLast(100).write(to: URL(filePath: path))
        let error = await #expect(throws: ModelFileError.self) { try await registry.reload() }
        #expect(error?.description.hasPrefix(path) == true)
        #expect(served(try await registry.load()) == [1])
        #expect(throws: ModelFileError.self) { try ModelRegistry(shippedFolder: shippedFolder, store: nil) }
        try whole.write(to: URL(filePath: path))
        try await registry.reload()
    }

    @Test("a new model has to beat the one of its classifier, or the default one where none of its classifier serves")
    func incumbent() async throws {
        try ship()
        let store = try folder.store()
        let registry = try ModelRegistry(shippedFolder: shippedFolder, store: store)
        _ = try await registry.load()
        let shipped = try #require(await registry.incumbent(of: .multinomialNaiveBayes))
        #expect(shipped.path == shippedFolder + "/multinomial-naive-bayes.json")
        #expect(await registry.incumbent(of: .svm)?.model.name == .multinomialNaiveBayes)
        try await make(2, promotion: "better", store, registry)
        let trained = try #require(await registry.incumbent(of: .multinomialNaiveBayes))
        #expect(trained.model.version == 2)
        #expect(trained.path == folder.path + "/versions/multinomial-naive-bayes-2.json")
    }
}
