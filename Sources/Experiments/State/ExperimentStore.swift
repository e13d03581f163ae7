import GRDB
import ModelSelection
import Threads

/// Everything about experiments that outlives the server, and the one type that touches the database.
///
/// SQLite in WAL mode: any number of readers beside one writer, and a process that is killed leaves nothing half-written. Every operation
/// is one transaction and blocks its thread for as long as the disk takes: call from a service queue, never from a thread that answers
/// predictions. Safe to share between threads.
public final class ExperimentStore: Sendable {
    /// Bounds on what is kept.
    public struct Limits: Hashable, Sendable {
        /// Experiments that wait for their turn.
        public var queuedExperimentCount = 1_000
        /// Experiments that are finished; of more, the oldest go.
        public var finishedExperimentCount = 200
        /// Trained versions of a classifier; of more, the oldest go that are not active.
        public var modelVersionCount = 20
        /// Digits of feedback.
        public var feedbackCount = 100_000

        public init() {}
    }

    /// How long a transaction waits for a lock that another process holds, where nothing else is said.
    public static let defaultLockWaitSeconds = 5.0

    public let folder: StateFolder
    public let limits: Limits
    let pool: DatabasePool
    let clock: @Sendable () -> Timestamp
    let randomWord: @Sendable () -> UInt64
    let digitdVersion: String
    private let reserve: DiskReserve

    /// Opens the database, makes or migrates its tables, and puts right what an earlier server left unfinished: what ran is queued again
    /// with its finished units, what was being cancelled is cancelled, files that nothing refers to are gone or set aside.
    ///
    /// - Parameters:
    ///   - folder: kept, with its lock, as long as this value.
    ///   - lockWaitSeconds: how long each transaction waits where another process holds a lock of the database that it needs.
    ///   - clock: the time of everything that is written down.
    ///   - randomWord: 64 random bits, for the names of experiments.
    ///   - digitdVersion: of this program. What another version has measured of an unfinished experiment is measured anew.
    ///   - onFileSetAside: called with the new path of each file that is moved because the database knows none of its kind.
    /// - Throws: `ExperimentsError.damagedDatabase`, `.newerDatabase`, `.databaseBusy`, `.diskFull`, `.diskFailed`: experiments are off
    ///   then, and predictions need none of this.
    public init(
        folder: StateFolder, limits: Limits = Limits(), lockWaitSeconds: Double = ExperimentStore.defaultLockWaitSeconds,
        clock: @escaping @Sendable () -> Timestamp = { .now },
        randomWord: @escaping @Sendable () -> UInt64 = { .random(in: .min ... .max) }, digitdVersion: String = DigitdVersion.current,
        onFileSetAside: (String) -> Void = { _ in }
    ) throws(ExperimentsError) {
        self.folder = folder
        self.limits = limits
        self.clock = clock
        self.randomWord = randomWord
        self.digitdVersion = digitdVersion
        reserve = DiskReserve(path: folder.reservePath)
        do {
            pool = try ExperimentStore.openPool(path: folder.databasePath, lockWaitSeconds: lockWaitSeconds)
        } catch {
            throw ExperimentsError(error, file: folder.databasePath)
        }
        try recover()
        try clearStrayFiles(onSetAside: onFileSetAside)
        keepReserve()
    }

    private static func openPool(path: String, lockWaitSeconds: Double) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "digitd"
        configuration.busyMode = .timeout(lockWaitSeconds)
        let pool = try DatabasePool(path: path, configuration: configuration)
        let migrator = ExperimentSchema.migrator
        if try pool.read(migrator.hasBeenSuperseded) { throw ExperimentsError.newerDatabase(file: path) }
        try migrator.migrate(pool)
        return pool
    }

    /// Ends all use of the database. What stands in the write-ahead log goes into the database's own file, which is whole by itself then.
    ///
    /// Reading that is under way is broken off; every later use of this value fails.
    /// - Throws: `ExperimentsError.databaseBusy` where another process uses the log: it stays beside the database, which needs it.
    public func close() throws(ExperimentsError) {
        pool.interrupt()
        do {
            // Readers first: the log is removed by the last connection to close, and one that only reads cannot do it.
            pool.releaseMemory()
            let checkpoint = Result {
                try pool.writeWithoutTransaction { db in
                    // The first statement after an interruption takes it back, which a checkpoint does not.
                    try db.execute(sql: "PRAGMA synchronous = \(Durability.synced.rawValue)")
                    _ = try db.checkpoint(.truncate)
                }
            }
            try pool.close()
            try checkpoint.get()
        } catch {
            throw ExperimentsError(error, file: folder.databasePath)
        }
    }

    /// Looks through all pages of the database; slower the more history it holds.
    ///
    /// - Throws: `ExperimentsError.damagedDatabase` for pages that contradict each other.
    func verify() throws(ExperimentsError) {
        let finding = try read { db in try String.fetchOne(db, sql: "PRAGMA quick_check(1)") }
        guard finding == "ok" else {
            throw .damagedDatabase(file: folder.databasePath, reason: finding ?? "no answer to quick_check")
        }
    }

    /// How sure a transaction is to be there after a power cut. A killed process loses none of either kind.
    enum Durability: String {
        /// Synced before it counts: what a client has an answer about.
        case synced = "FULL"
        /// Synced with the next one that is, or the next checkpoint: finished units, of which a search may make thousands a second. A
        /// power cut costs the last of them, whole, and measuring them again gives the same.
        case deferred = "NORMAL"
    }

    /// Runs one transaction that writes.
    ///
    /// - Throws: what `body` throws where it is an `ExperimentsError`, else what SQLite says as one; nothing has changed then.
    func write<Value>(_ durability: Durability = .synced, _ body: (Database) throws -> Value) throws(ExperimentsError) -> Value {
        do {
            return try pool.writeWithoutTransaction { db in
                // Whoever holds the one writer holds up all others: no transaction runs at idle priority, where busy processors could
                // stop it for seconds.
                let priority = ThreadPriority.raisedToNormal()
                defer { priority.restore() }
                try db.execute(sql: "PRAGMA synchronous = \(durability.rawValue)")
                var value: Value?
                try db.inTransaction(.immediate) {
                    value = try body(db)
                    return .commit
                }
                // A transaction that was committed has run its body.
                guard let value else { throw ExperimentsError.databaseFailed(reason: "a transaction without a body") }
                return value
            }
        } catch {
            throw ExperimentsError(error, file: folder.databasePath)
        }
    }

    /// As `write`, and once more with the reserve given back where the disk is full: for the ends of experiments.
    func writeWithReserve(_ body: (Database) throws -> Void) throws(ExperimentsError) {
        do throws(ExperimentsError) {
            try write(.synced, body)
        } catch {
            switch error {
            case .diskFull, .diskFailed:
                guard reserve.give() else { throw error }
                try write(.synced, body)
            default: throw error
            }
        }
    }

    /// Takes back the room that a full disk was given, where there is room again.
    func keepReserve() {
        reserve.take()
    }

    /// Runs one transaction that reads: all of it sees one state.
    func read<Value>(_ body: (Database) throws -> Value) throws(ExperimentsError) -> Value {
        do {
            return try pool.read(body)
        } catch {
            throw ExperimentsError(error, file: folder.databasePath)
        }
    }
}

extension ExperimentsError {
    /// What GRDB, or a transaction's body, threw.
    init(_ error: any Error, file: String) {
        switch error {
        case let error as ExperimentsError: self = error
        case let error as DatabaseError:
            let reason = error.message ?? "code \(error.extendedResultCode.rawValue)"
            switch error.resultCode {
            case .SQLITE_FULL: self = .diskFull(file: file)
            case .SQLITE_BUSY, .SQLITE_LOCKED: self = .databaseBusy(file: file)
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damagedDatabase(file: file, reason: reason)
            case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM: self = .diskFailed(file: file, reason: reason)
            default: self = .databaseFailed(reason: reason)
            }
        default: self = .databaseFailed(reason: "\(error)")
        }
    }
}
