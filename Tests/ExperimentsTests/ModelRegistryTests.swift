import Classifiers
import Digits
import Foundation
import GRDB
import ModelFiles
import ModelSelection
import Testing
import Threads

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
        try await registry.adopt([version]) { () throws(ExperimentsError) -> [ModelChange] in
            try store.succeed(id, report: [], decisions: [], versions: [version], runSeconds: 0)
        }
    }

    /// Keeps the sets that it is given, and the names of the threads on which it was.
    private final class ServedSets: ModelServing {
        private struct Served: Sendable {
            var sets: [ModelSet] = []
            var threads: [String] = []
        }

        private let served = Locked(Served())

        func serve(_ models: ModelSet) {
            served.withLock {
                $0.sets.append(models)
                $0.threads.append(ServedSets.threadName())
            }
        }

        static func threadName() -> String { Thread.current.name ?? "" }

        /// The numbers of the versions in service, a row a change.
        var numbers: [[Int]] { served.withLock { $0.sets.map { $0.models.map(\.version.number) } } }
        var last: ModelSet? { served.withLock { $0.sets.last } }
        var threads: [String] { served.withLock { $0.threads } }
    }

    private func registry(_ store: ExperimentStore?, _ served: ServedSets = ServedSets()) throws -> ModelRegistry {
        let loader = ModelLoader(shippedFolder: shippedFolder, store: store)
        return ModelRegistry(loader, models: try loader.load().models, serving: served)
    }

    /// The numbers of the versions that serve after a start.
    private func startNumbers(_ store: ExperimentStore?) throws -> [Int] {
        try ModelLoader(shippedFolder: shippedFolder, store: store).load().models.models.map(\.version.number)
    }

    @Test("what is promoted serves, and after a restart still does; what is only stored does not")
    func promoted() async throws {
        try ship()
        var store: ExperimentStore? = try folder.store()
        #expect(try startNumbers(store) == [1])
        let served = ServedSets()
        var registry: ModelRegistry? = try registry(store, served)
        try await make(2, promotion: nil, try #require(store), try #require(registry))
        #expect(try startNumbers(store) == [1])
        try await make(3, promotion: "better", try #require(store), try #require(registry))
        #expect(served.numbers == [[1], [3]])
        #expect(served.last?.versions.map(\.number) == [1, 2, 3])
        #expect(served.last?.models[0].version.origin != nil)
        registry = nil
        store = nil
        store = try folder.store()
        #expect(try startNumbers(store) == [3])
    }

    @Test("a change is served before the call that makes it returns; one that cannot be made changes nothing")
    func changed() async throws {
        try ship()
        let store = try folder.store()
        let served = ServedSets()
        let registry = try registry(store, served)
        try await make(2, promotion: nil, store, registry)
        let set = try #require(served.last)
        try await registry.activate(set.version("2", of: "multinomial-naive-bayes"), reason: "by hand")
        #expect(served.numbers == [[1], [2]])
        try Data("torn".utf8).write(to: URL(filePath: store.folder.modelPath(classifier: .multinomialNaiveBayes, version: 2)))
        try await registry.activate(set.version("1", of: "multinomial-naive-bayes"), reason: "back")
        await #expect(throws: ExperimentsError.self) {
            try await registry.activate(set.version("2", of: "multinomial-naive-bayes"), reason: "torn")
        }
        #expect(served.numbers == [[1], [2], [1]])
        #expect(try store.activeVersions() == [.multinomialNaiveBayes: 1])
        #expect(try store.modelChanges(before: nil, limit: 9).changes.map(\.reason).prefix(2) == ["back", "by hand"])
    }

    /// Beside `ship()`, a model that is more accurate on the same folds.
    private func shipBetter() throws {
        let rows = StoreFixture.rows
        var provenance = try document(alpha: 1).training
        provenance = TrainingProvenance(
            dataset: provenance.dataset, seed: provenance.seed,
            crossValidation: TrainingProvenance.CrossValidation(folds: 2, accuracyMean: 0.75, accuracyStandardDeviation: 0.1))
        let model = try GaussianNaiveBayesParameters().fit(rows, rows: Array(0..<rows.count), seed: 0)
        try ModelDocument(model: model, training: provenance).write(to: shippedFolder + "/gaussian-naive-bayes.json")
    }

    @Test("what a setting pins is in the audit once, and is pinned no longer than the setting says so")
    func settingOfDefault() async throws {
        try ship()
        try shipBetter()
        let store = try folder.store()
        func start(_ setting: ClassifierName?) async throws -> DefaultChoice {
            let loader = ModelLoader(shippedFolder: shippedFolder, store: store, pinnedDefault: setting)
            let models = try loader.load().models
            await ModelRegistry(loader, models: models, serving: ServedSets()).rememberDefault()
            return models.defaultChoice
        }
        func audit() throws -> [ClassifierName?] { try store.modelChanges(before: nil, limit: 9).changes.map(\.to?.name) }
        for _ in 0..<2 {
            #expect(try await start(.multinomialNaiveBayes) == .pinned(.multinomialNaiveBayes, bySetting: "defaultModel"))
            #expect(try audit() == [.multinomialNaiveBayes])
        }
        let free = try await start(nil)
        #expect(free.classifier == .gaussianNaiveBayes)
        #expect(!free.isPinned)
        #expect(try audit() == [.gaussianNaiveBayes, .multinomialNaiveBayes])
    }

    @Test("a default that cannot be written down is neither pinned nor freed")
    func unwritableDefault() async throws {
        try ship()
        try shipBetter()
        let store = try folder.store()
        let served = ServedSets()
        let registry = try registry(store, served)
        func refuse(_ refuses: Bool) throws {
            try store.write { db in
                try db.execute(
                    sql: refuses
                        ? "CREATE TRIGGER broken BEFORE INSERT ON defaultModel BEGIN SELECT RAISE(ABORT, 'broken'); END"
                        : "DROP TRIGGER broken")
            }
        }
        try refuse(true)
        await #expect(throws: ExperimentsError.databaseFailed(reason: "broken")) {
            try await registry.pinDefault(.multinomialNaiveBayes, reason: "by hand")
        }
        #expect(served.last == nil)
        try refuse(false)
        try await registry.pinDefault(.multinomialNaiveBayes, reason: "by hand")
        #expect(served.last?.defaultChoice == .pinned(.multinomialNaiveBayes, reason: "by hand"))
        try refuse(true)
        await #expect(throws: ExperimentsError.databaseFailed(reason: "broken")) { try await registry.pinDefault(nil, reason: "back") }
        #expect(served.last?.defaultChoice.isPinned == true)
        #expect(try ModelLoader(shippedFolder: shippedFolder, store: store).load().models.defaultChoice.isPinned)
        #expect(try store.modelChanges(before: nil, limit: 9).changes.map(\.reason) == ["by hand"])
    }

    @Test("where an active model cannot be read the shipped one serves, and which it was is said")
    func fallback() async throws {
        try ship()
        let store = try folder.store()
        try await make(2, promotion: "better", store, registry(store))
        let path = store.folder.modelPath(classifier: .multinomialNaiveBayes, version: 2)
        try Data(contentsOf: URL(filePath: path)).dropLast(10).write(to: URL(filePath: path))
        let loaded = try ModelLoader(shippedFolder: shippedFolder, store: store).load()
        #expect(loaded.models.models.map(\.version.number) == [1])
        #expect(loaded.models.versions.map(\.number) == [1, 2])
        #expect(loaded.failures.map(\.version.number) == [2])
        #expect(loaded.failures.first.map { "\($0.error)" }?.hasPrefix(path) == true)
    }

    @Test("shipped models that are torn are refused by name at a reload, and those in service stay")
    func reload() async throws {
        try ship()
        let served = ServedSets()
        let registry = try registry(nil, served)
        let path = shippedFolder + "/multinomial-naive-bayes.json"
        let whole = try Data(contentsOf: URL(filePath: path))
        try whole.dropLast(100).write(to: URL(filePath: path))
        let error = await #expect(throws: ModelFileError.self) { try await registry.reload() }
        #expect(error?.description.hasPrefix(path) == true)
        #expect(served.numbers.isEmpty)
        #expect(throws: ModelFileError.self) { try ModelLoader(shippedFolder: shippedFolder, store: nil).load() }
        try whole.write(to: URL(filePath: path))
        #expect(try await registry.reload().isEmpty)
        #expect(served.numbers == [[1]])
    }

    @Test("models are decoded, and changes made, on the registry's own thread, whoever asks")
    func thread() async throws {
        try ship()
        let store = try folder.store()
        let served = ServedSets()
        let registry = try registry(store, served)
        _ = try await Task.detached { try await registry.reload() }.value
        let queue = ThreadPool(name: "queue", threadCount: 1)
        try await queue.run { try await make(2, promotion: "better", store, registry) }
        #expect(served.threads == ["models", "models"])
        #expect(await queue.run { ServedSets.threadName() } == "queue.0")
    }

    @Test("a new model has to beat the one of its classifier, or the default one where none of its classifier serves")
    func incumbent() async throws {
        try ship()
        let store = try folder.store()
        let registry = try registry(store)
        #expect(await registry.incumbent(of: .multinomialNaiveBayes).version.number == 1)
        #expect(await registry.incumbent(of: .svm).name == .multinomialNaiveBayes)
        try await make(2, promotion: "better", store, registry)
        #expect(await registry.incumbent(of: .multinomialNaiveBayes).version.number == 2)
    }
}
