import Classifiers
import DigitAPI
import Digits
import Foundation
import GRDB
import ModelFiles
import Testing
import Threads

@testable import Experiments

@Suite("Requests that another digitd has queued")
struct UnreadableRequestTests {
    private let folder = StoreFolder()

    private struct Unserved: ModelServing {
        func serve(_ models: ModelSet) {}
    }

    private func registry(_ store: ExperimentStore) throws -> ModelRegistry {
        let shipped = folder.path + "/shipped"
        try FileManager.default.createDirectory(atPath: shipped, withIntermediateDirectories: true)
        let rows = StoreFixture.rows
        try ModelDocument(
            model: try MultinomialNaiveBayesParameters().fit(rows, rows: Array(0..<rows.count), seed: 0),
            training: StoreFixture.version(2).provenance
        ).write(to: shipped + "/multinomial-naive-bayes.json")
        let loader = ModelLoader(shippedFolder: shipped, store: store)
        return ModelRegistry(loader, models: try loader.load().models, serving: Unserved())
    }

    @Test("one that cannot be read fails with the reason when its turn comes, and the queue goes on", .timeLimit(.minutes(10)))
    func queueGoesOn() async throws {
        let store = try folder.store()
        let library = DatasetLibrary(store: store, semeionPath: "/nowhere")
        let ids = try library.keeping(StoreFixture.rows) { () throws(ExperimentsError) in
            do { return try (0..<2).map { _ in try StoreFixture.submit(to: store).id } } catch { throw .databaseFailed(reason: "\(error)") }
        }
        try store.write { db in
            try db.execute(
                sql:
                    #"UPDATE experiments SET request = '{"dataset":"synthetic","strategy":"annealing"}', best = '{"classifier":"oracle"}' WHERE id = ?"#,
                arguments: [ids[0].description])
        }
        let (ends, continuation) = AsyncStream.makeStream(of: (ExperimentID, ExperimentState, String).self)
        let runner = ExperimentRunner(
            store: store, library: library, registry: try registry(store), feed: EventFeed(limit: 1),
            configuration: ExperimentRunner.Configuration(workerExecutable: "/nowhere", workerArguments: [], workerCount: 1)
        ) { event in
            if case .ended(let id, let state, let failure) = event { continuation.yield((id, state, failure ?? "")) }
        }
        await runner.start(on: ThreadPool(name: "runner", threadCount: 1))
        var iterator = ends.makeAsyncIterator()
        let first = try #require(await iterator.next())
        let second = try #require(await iterator.next())
        await runner.stop()
        #expect(first.0 == ids[0] && first.1 == .failed)
        #expect(first.2.hasPrefix("the request of experiment \(ids[0]) cannot be read by this digitd: "), "\(first.2)")
        #expect(first.2.contains("annealing"))
        // The second one comes to its own end, for there is no worker.
        #expect(second.0 == ids[1] && second.1 == .failed)
        #expect(second.2.contains("/nowhere"), "\(second.2)")
        let listed = try store.experiments(state: .failed, limit: 9, after: nil).experiments.map(\.description)
        #expect(listed.map(\.id) == ids.reversed())
        #expect(listed[1].request == NewExperiment())
        #expect(listed[1].best == nil)
    }
}
