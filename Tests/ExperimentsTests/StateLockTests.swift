import GRDB
import Testing

@testable import Experiments

@Suite("A database that another process keeps locked")
struct StateLockTests {
    private let folder = StoreFolder()

    private func store(lockWaitSeconds: Double) throws -> ExperimentStore {
        try ExperimentStore(folder: StateFolder(path: folder.path), lockWaitSeconds: lockWaitSeconds)
    }

    @Test("a transaction waits as long as it is told to, five seconds where it is told nothing")
    func waits() throws {
        func waitMilliseconds(_ store: ExperimentStore) throws -> Int? {
            try store.write { db in try Int.fetchOne(db, sql: "PRAGMA busy_timeout") }
        }
        #expect(try waitMilliseconds(try store(lockWaitSeconds: 0.25)) == 250)
        #expect(try waitMilliseconds(try folder.store()) == 5_000)
    }

    @Test("a change that has waited in vain says that the database is locked, reading goes on, and nothing is lost")
    func busy() throws {
        let store = try store(lockWaitSeconds: 0)
        let id = try StoreFixture.submit(to: store).id
        let other = try DatabaseQueue(path: store.folder.databasePath)
        try other.writeWithoutTransaction { db in
            try db.inTransaction(.immediate) {
                #expect(throws: ExperimentsError.databaseBusy(file: store.folder.databasePath)) { try StoreFixture.submit(to: store) }
                #expect(throws: ExperimentsError.databaseBusy(file: store.folder.databasePath)) { try store.claimNext() }
                let state = try store.experiment(id).state
                #expect(state == .queued)
                return .rollback
            }
        }
        #expect(try store.claimNext()?.id == id)
    }
}
