import Classifiers
import DigitAPI
import Digits
import Foundation
import GRDB
import Glibc
import ModelFiles
import ModelSelection
import Testing
import Threads

@testable import Experiments

@Suite struct ExperimentStoreTests {
    private let folder = StoreFolder()

    private func kinds(_ store: ExperimentStore, _ id: ExperimentID, after number: Int = 0) throws -> [String] {
        try store.events(of: id, after: number, limit: 100).events.map { "\($0.number) \($0.kind.rawValue)" }
    }

    @Test("a folder that another store has is refused, and free again when that one goes")
    func locked() throws {
        var first: ExperimentStore? = try folder.store()
        #expect(throws: ExperimentsError.folderInUse(folder: folder.path)) { try StateFolder(path: folder.path) }
        #expect(first?.folder.path == folder.path)
        first = nil
        _ = try StateFolder(path: folder.path)
    }

    @Test("a folder that cannot be made is refused with the reason")
    func unusable() throws {
        let error = try #require(throws: ExperimentsError.self) { try StateFolder(path: "/proc/digitd/state") }
        guard case .unusableFolder(let path, let reason) = error else { throw error }
        #expect(path == "/proc/digitd/state")
        #expect(reason.contains("No such file or directory"))
    }

    @Test("the higher priority has its turn first, of equal ones the older")
    func turns() throws {
        let store = try folder.store()
        let ids = try [0, 5, 0, 5, -3].map { try StoreFixture.submit(#"{"priority":\#($0)}"#, to: store).id }
        var turns: [ExperimentID] = []
        while let next = try store.claimNext() {
            #expect(next.state == .running)
            turns.append(next.id)
        }
        #expect(turns == [ids[1], ids[3], ids[0], ids[2], ids[4]])
    }

    @Test("a queue that is full takes no more, until one has begun")
    func queueFull() throws {
        var limits = ExperimentStore.Limits()
        limits.queuedExperimentCount = 2
        let store = try folder.store(limits: limits)
        for _ in 0..<2 { try StoreFixture.submit(to: store) }
        #expect(throws: ExperimentsError.queueFull(limit: 2)) { try StoreFixture.submit(to: store) }
        _ = try store.claimNext()
        try StoreFixture.submit(to: store)
    }

    @Test("the same key and body give the first answer, another body is refused, and a day later the key is forgotten")
    func idempotency() throws {
        let key = try #require(IdempotencyKey("k", body: [1]))
        let other = try #require(IdempotencyKey("k", body: [2]))
        var store: ExperimentStore? = try folder.store(at: 1_000)
        let first = try StoreFixture.submit(to: try #require(store), key: key)
        #expect(try StoreFixture.submit(to: try #require(store), key: key).id == first.id)
        #expect(throws: ExperimentsError.idempotencyKeyReused(key: "k")) { try StoreFixture.submit(to: try #require(store), key: other) }
        store = nil
        store = try folder.store(at: 1_000 + 24 * 3_600_000)
        #expect(try StoreFixture.submit(to: try #require(store), key: key).id == first.id)
        store = nil
        store = try folder.store(at: 1_001 + 24 * 3_600_000)
        #expect(try StoreFixture.submit(to: try #require(store), key: other).id != first.id)
    }

    @Test("a finished unit is committed with its progress and its event")
    func recorded() throws {
        let store = try folder.store()
        let id = try StoreFixture.submit(to: store).id
        _ = try store.claimNext()
        let before = try store.experiment(id).revision
        try store.record(StoreFixture.advance(fold: 1), of: id)
        let experiment = try store.experiment(id)
        #expect(experiment.revision == before + 1)
        #expect(experiment.progress.finishedTrialCount == 1)
        #expect(experiment.progress.percent == 50)
        #expect(experiment.progress.secondsLeft == 1.5)
        #expect(experiment.best?.classifier == .gaussianNaiveBayes)
        #expect(try kinds(store, id) == ["1 state", "2 state", "3 trials"])
        #expect(try kinds(store, id, after: 2) == ["3 trials"])
        #expect(try store.units(of: id, round: 0).count == 1)
        #expect(try store.units(of: id, round: 1).isEmpty)
    }

    @Test("a unit that comes after the cancellation is refused, and nothing of it is kept")
    func late() throws {
        let store = try folder.store()
        let id = try StoreFixture.submit(to: store).id
        _ = try store.claimNext()
        #expect(try store.requestCancellation(of: id).state == .cancelling)
        let unit = try StoreFixture.advance(fold: 0)
        #expect(throws: ExperimentsError.notRunning(id, state: .cancelling)) { try store.record(unit, of: id) }
        #expect(try store.units(of: id, round: 0).isEmpty)
        #expect(try kinds(store, id) == ["1 state", "2 state", "3 state"])
    }

    @Test("what waits is cancelled at once; what has ended cannot be, and only that is deleted")
    func cancelledAndDeleted() throws {
        let store = try folder.store()
        let waiting = try StoreFixture.submit(to: store).id
        #expect(throws: ExperimentsError.notFinished(waiting, state: .queued)) { try store.delete(waiting) }
        #expect(try store.requestCancellation(of: waiting).state == .cancelled)
        #expect(try store.requestCancellation(of: waiting).state == .cancelled)
        try store.delete(waiting)
        #expect(throws: ExperimentsError.unknownExperiment(waiting.description)) { try store.experiment(waiting) }
        let failed = try StoreFixture.submit(to: store).id
        _ = try store.claimNext()
        try store.end(failed, as: .failed, failure: "why", report: [1, 2], runSeconds: 2)
        #expect(throws: ExperimentsError.illegalTransition(failed, from: .failed, to: .cancelled)) {
            try store.requestCancellation(of: failed)
        }
        #expect(try store.experiment(failed).failure == "why")
        #expect(try store.experiment(failed).runSeconds == 2)
        #expect(try store.report(of: failed) == [1, 2])
        try store.delete(failed)
        #expect(try store.report(of: failed) == nil)
    }

    @Test("pages hold every experiment once, the newest first, also while others come")
    func pages() throws {
        let store = try folder.store()
        let ids = try (0..<7).map { _ in try StoreFixture.submit(to: store).id }
        var listed: [ExperimentID] = []
        var cursor: ExperimentCursor?
        repeat {
            let page = try store.experiments(state: nil, limit: 3, after: cursor)
            listed += page.experiments.map(\.id)
            cursor = try page.next.map { try #require(ExperimentCursor("\($0)")) }
            try StoreFixture.submit(to: store)
        } while cursor != nil
        #expect(listed == ids.reversed())
        #expect(try store.experiments(state: .running, limit: 3, after: nil).experiments.isEmpty)
    }

    @Test("a server that was killed left what ran to be begun again with its units, and what was being cancelled is cancelled")
    func recovered() throws {
        var store: ExperimentStore? = try folder.store()
        let running = try StoreFixture.submit(to: try #require(store)).id
        let cancelling = try StoreFixture.submit(to: try #require(store)).id
        _ = try store?.claimNext()
        _ = try store?.claimNext()
        try store?.record(StoreFixture.advance(fold: 0), of: running)
        _ = try store?.requestCancellation(of: cancelling)
        store = nil
        let next = try folder.store()
        #expect(try next.experiment(running).state == .queued)
        #expect(try next.experiment(running).progress.finishedTrialCount == 1)
        #expect(try next.units(of: running, round: 0).count == 1)
        #expect(try next.experiment(cancelling).state == .cancelled)
        let plan = try StoreFixture.plan(#"{"folds":2,"search":[{"classifier":"gaussian-naive-bayes"}]}"#)
        let round = try #require(try plan.round(after: nil))
        let trials = try CommittedExperiment(try next.experiment(running), plan: plan, store: next).trials(of: round)
        #expect(trials.map(\.fold) == [0])
    }

    @Test("what another version of digitd has measured of an unfinished experiment is measured anew")
    func otherVersion() throws {
        var store: ExperimentStore? = try folder.store(digitdVersion: "1.0.0")
        let id = try StoreFixture.submit(to: try #require(store)).id
        _ = try store?.claimNext()
        try store?.record(StoreFixture.advance(fold: 0), of: id)
        store = nil
        let next = try folder.store(digitdVersion: "1.0.1")
        #expect(try next.units(of: id, round: 0).isEmpty)
        #expect(try next.experiment(id).progress.finishedTrialCount == 0)
        #expect(try next.experiment(id).best == nil)
    }

    @Test("finished experiments past the limit go, the oldest first, and their reports where no model came of them")
    func pruned() throws {
        var limits = ExperimentStore.Limits()
        limits.finishedExperimentCount = 2
        let store = try folder.store(limits: limits)
        let ids = try (0..<4).map { _ in try StoreFixture.submit(to: store).id }
        for (index, id) in ids.enumerated() {
            _ = try store.claimNext()
            let versions = index == 0 ? [StoreFixture.version(2)] : []
            try store.succeed(id, report: [UInt8(index)], decisions: [], versions: versions, runSeconds: 1)
        }
        #expect(try store.experiments(state: nil, limit: 9, after: nil).experiments.map(\.id) == [ids[3], ids[2]])
        #expect(try ids.map { try store.report(of: $0) } == [[0], nil, [2], [3]])
    }

    @Test("versions past the limit go with their files, the active one never, and every activation is written down")
    func versions() throws {
        var limits = ExperimentStore.Limits()
        limits.modelVersionCount = 1
        let store = try folder.store(limits: limits)
        for number in 2...5 {
            let id = try StoreFixture.submit(to: store).id
            _ = try store.claimNext()
            #expect(try store.nextVersion(of: .svm) == number)
            try Data("{}".utf8).write(to: URL(filePath: store.folder.modelPath(classifier: .svm, version: number)))
            let version = StoreFixture.version(number, promotion: number == 2 ? "better" : nil)
            try store.succeed(id, report: [], decisions: [], versions: [version], runSeconds: 0)
        }
        #expect(try store.modelVersions().map(\.number) == [2, 5])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/versions").sorted() == ["svm-2.json", "svm-5.json"])
        #expect(try store.activeVersions() == [.svm: 2])
        _ = try store.activate(ModelVersion(classifier: .svm, number: 5, origin: nil), reason: "by hand")
        _ = try store.activate(ModelVersion(classifier: .svm, number: 1, origin: nil), reason: "back")
        let changes = try store.modelChanges(before: nil, limit: 9).changes
        #expect(changes.map(\.action) == [.activated, .activated, .stored, .stored, .stored, .promoted, .stored])
        #expect(changes.filter { $0.action != .stored }.map(\.reason) == ["back", "by hand", "better"])
        #expect(changes.filter { $0.action != .stored }.map(\.from?.version) == [5, 2, nil])
        #expect(try store.nextVersion(of: .svm) == 6)
    }

    @Test("versions that have served are kept longest: those that never did go first, however new")
    func servedVersions() throws {
        var limits = ExperimentStore.Limits()
        limits.modelVersionCount = 2
        let store = try folder.store(limits: limits)
        for number in 2...9 {
            let id = try StoreFixture.submit(to: store).id
            _ = try store.claimNext()
            let version = StoreFixture.version(number, promotion: number <= 4 ? "better" : nil)
            try store.succeed(id, report: [], decisions: [], versions: [version], runSeconds: 0)
        }
        // 4 serves; 2 and 3 have.
        #expect(try store.modelVersions().map(\.number) == [2, 3, 4])
    }

    @Test("activations that an earlier digitd wrote down are in the audit")
    func earlierActivations() throws {
        let database = try DatabaseQueue()
        try ExperimentSchema.migrator.migrate(database, upTo: "1")
        try database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO activations (classifier, version, previousVersion, reason, time) VALUES
                        ('svm', 2, NULL, 'experiment 01: better', 5), ('svm', 1, 2, 'requested by 127.0.0.1', 6), ('adaboost', NULL, 3, 'away', 7)
                    """)
        }
        try ExperimentSchema.migrator.migrate(database)
        let rows = try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM modelChanges ORDER BY number").map { row in
                "\(row["action"] as String) \(row["fromName"] as String? ?? "-") \(row["fromVersion"] as Int? ?? 0) "
                    + "\(row["toName"] as String? ?? "-") \(row["toVersion"] as Int? ?? 0) \(row["reason"] as String) \(row["time"] as Int)"
            }
        }
        #expect(
            rows == [
                "promoted - 0 svm 2 experiment 01: better 5", "activated svm 2 svm 1 requested by 127.0.0.1 6",
                "withdrawn adaboost 3 - 0 away 7",
            ])
    }

    @Test("damage in what no start needs to read is found by looking through the database, not by opening it")
    func damageInHistory() throws {
        let path = folder.path + "/digitd.sqlite"
        var store: ExperimentStore? = try folder.store()
        let id = try StoreFixture.submit(to: try #require(store)).id
        _ = try store?.claimNext()
        try store?.end(id, as: .failed, failure: "no reason", report: [UInt8](repeating: 0x20, count: 1 << 20), runSeconds: 1)
        try store?.verify()
        store = nil
        var bytes = try Data(contentsOf: URL(filePath: path))
        for index in (bytes.count - 100 * 4096)..<(bytes.count - 50 * 4096) { bytes[index] = 0xA5 }
        try bytes.write(to: URL(filePath: path))
        store = try folder.store()
        #expect(try store?.experiment(id).state == .failed)
        guard case .damagedDatabase(path, _)? = #expect(throws: ExperimentsError.self, performing: { try store?.verify() }) else {
            Issue.record("torn pages were not seen")
            return
        }
    }

    @Test("no transaction that writes runs at idle priority, whoever makes it, and the thread is as idle afterwards as before")
    func priorityOfTransactions() async throws {
        let store = try folder.store()
        @Sendable func policy() -> Int32 { sched_getscheduler(0) }
        let (before, within, after) = try await ThreadPool(name: "idle", threadCount: 1, priority: .idle).run {
            (policy(), try store.write { _ in policy() }, policy())
        }
        let (other, idle): (Int32, Int32) = (0, 5)
        #expect(before == idle)
        #expect(within == other)
        #expect(after == idle)
    }

    @Test("rows that nothing refers to any more leave the disk with the last that did")
    func unreferencedRows() throws {
        let store = try folder.store()
        let library = DatasetLibrary(store: store, semeionPath: "/nowhere")
        let name = try #require(DatasetName("mine"))
        func files() throws -> Set<String> { Set(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/datasets")) }
        let other = SyntheticDigits.dataset(rowCount: 40, seed: 5)
        let third = SyntheticDigits.dataset(rowCount: 50, seed: 6)
        _ = try library.put(other.encoded(as: .packed), format: .packed, as: name)
        _ = try library.put(third.encoded(as: .packed), format: .packed, as: name)
        #expect(try files() == ["\(third.sha256).bin"])
        // An experiment needs its rows until it is gone, whatever becomes of the name.
        _ = try library.put(StoreFixture.rows.encoded(as: .packed), format: .packed, as: name)
        let id = try StoreFixture.submit(to: store).id
        _ = try library.put(other.encoded(as: .packed), format: .packed, as: name)
        #expect(try files() == ["\(other.sha256).bin", "\(StoreFixture.rows.sha256).bin"])
        _ = try store.requestCancellation(of: id)
        try store.delete(id)
        library.removeUnreferencedRows()
        #expect(try files() == ["\(other.sha256).bin"])
    }

    @Test("rows that are always there are written anew where their file is damaged")
    func damagedOriginal() throws {
        let store = try folder.store()
        let library = DatasetLibrary(store: store, semeionPath: "/nowhere")
        let rows = try library.rows(of: DatasetReference(name: .synthetic))
        try library.keeping(rows) { () throws(ExperimentsError) in }
        let file = URL(filePath: store.folder.datasetPath(sha256: rows.sha256))
        try Data("torn".utf8).write(to: file)
        #expect(try library.kept(sha256: rows.sha256, name: "synthetic").labels == rows.labels)
        #expect(try Data(contentsOf: file) == Data(rows.encoded(as: .packed)))
    }

    @Test("a file that is no database, one with a torn page, and one of a later digitd are each refused by what they are")
    func damaged() throws {
        let path = folder.path + "/digitd.sqlite"
        var store: ExperimentStore? = try folder.store()
        for _ in 0..<200 { try StoreFixture.submit(to: try #require(store)) }
        store = nil
        let whole = try Data(contentsOf: URL(filePath: path))
        #expect(whole.count > 20 * 4096)

        var torn = whole
        for index in 4096..<(12 * 4096) { torn[index] = 0xA5 }
        try torn.write(to: URL(filePath: path))
        guard case .damagedDatabase(path, _)? = #expect(throws: ExperimentsError.self, performing: { try folder.store() }) else {
            Issue.record("a torn page was not seen")
            return
        }
        try Data(String(repeating: "no database ", count: 1000).utf8).write(to: URL(filePath: path))
        #expect(throws: ExperimentsError.damagedDatabase(file: path, reason: "file is not a database")) { try folder.store() }

        try FileManager.default.removeItem(atPath: path)
        store = try folder.store()
        try store?.pool.write { db in try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('999')") }
        store = nil
        #expect(throws: ExperimentsError.newerDatabase(file: path)) { try folder.store() }
    }

    @Test("feedback is kept in its order, all or none of a request")
    func feedback() throws {
        var limits = ExperimentStore.Limits()
        limits.feedbackCount = 3
        let store = try folder.store(limits: limits)
        let rows = StoreFixture.rows
        #expect(try store.addFeedback([(rows.bitmaps[0], 7), (rows.bitmaps[1], 0)], replacesOthers: false) == 2)
        #expect(throws: ExperimentsError.feedbackFull(limit: 3)) {
            try store.addFeedback([(rows.bitmaps[2], 1), (rows.bitmaps[3], 2)], replacesOthers: false)
        }
        let kept = try store.feedback()
        #expect(kept.bitmaps == [rows.bitmaps[0], rows.bitmaps[1]])
        #expect(kept.digits == [7, 0])
    }

    @Test("contradictions that an earlier digitd took are named, and what replaces them leaves one digit")
    func earlierContradictions() throws {
        let store = try folder.store()
        var packed: [UInt8] = []
        let bitmap = StoreFixture.rows.bitmaps[0]
        bitmap.appendPacked(to: &packed)
        try store.write { db in
            for digit in [7, 3] {
                try db.execute(sql: "INSERT INTO feedback (bitmap, digit, time) VALUES (?, ?, 5)", arguments: [Data(packed), digit])
            }
        }
        #expect(throws: ExperimentsError.contradictoryFeedback(id: 2, bitmap: bitmap.hexadecimal, digit: 3, newDigit: 7)) {
            try store.addFeedback([(bitmap, 7)], replacesOthers: false)
        }
        #expect(try store.addFeedback([(bitmap, 7)], replacesOthers: true) == 2)
        #expect(try store.feedback().digits == [7, 7])
    }
}
