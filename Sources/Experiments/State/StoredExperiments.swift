import Foundation
import GRDB
import ModelSelection

/// The queue: experiments from their making to their end.
extension ExperimentStore {
    /// What came of handing in an experiment.
    public enum Submission: Sendable {
        case new(Experiment)
        /// The idempotency key came before, with the same body: the answer is the one that was given then.
        case repeated(ExperimentID, answer: [UInt8])
    }

    /// What came of a request with this key before; nil where none came within 24 hours. Asked before anything else is looked at: the answer
    /// stands even where the request would not be good any more.
    ///
    /// - Throws: `ExperimentsError.idempotencyKeyReused`.
    func earlierSubmission(_ key: IdempotencyKey) throws(ExperimentsError) -> Submission? {
        let time = clock()
        return try read { db in try ExperimentStore.earlierSubmission(key, at: time, db) }
    }

    private static func earlierSubmission(_ key: IdempotencyKey, at time: Timestamp, _ db: Database) throws -> Submission? {
        guard let earlier = try IdempotencyRecord.find(key, at: time, db) else { return nil }
        guard earlier.bodySHA256 == key.bodySHA256 else { throw ExperimentsError.idempotencyKeyReused(key: key.key) }
        return .repeated(earlier.experiment, answer: earlier.answer)
    }

    /// Queues an experiment.
    ///
    /// - Parameters:
    ///   - answer: what the client is going to be told, kept with the key.
    /// - Throws: `ExperimentsError.queueFull`, `.idempotencyKeyReused`, and as `write`.
    public func submit(
        _ request: ExperimentRequest, dataset: Experiment.Dataset, candidateCount: Int, trialCount: Int, key: IdempotencyKey?,
        answer: (Experiment) -> [UInt8]
    ) throws(ExperimentsError) -> Submission {
        let time = clock()
        return try write { db in
            if let key, let earlier = try ExperimentStore.earlierSubmission(key, at: time, db) { return earlier }
            let queuedCount = try Int.fetchOne(db, sql: "SELECT count(*) FROM experiments WHERE state = 'queued'") ?? 0
            guard queuedCount < limits.queuedExperimentCount else { throw ExperimentsError.queueFull(limit: limits.queuedExperimentCount) }
            let last = try String.fetchOne(db, sql: "SELECT max(id) FROM experiments").flatMap { ExperimentID($0) }
            let id = ExperimentID.next(after: last, at: time, randomWord: randomWord)
            try db.execute(
                sql: """
                    INSERT INTO experiments (id, state, priority, request, datasetSHA256, datasetRowCount, digitdVersion, created,
                        candidateCount, trialCount)
                    VALUES (?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id.description, request.priority, try StoredJSON.text(of: request), dataset.sha256, dataset.rows, digitdVersion,
                    time.milliseconds, candidateCount, trialCount,
                ])
            let change = EventData.StateChange(state: .queued, failure: nil)
            try ExperimentStore.append(.state, try StoredJSON.text(of: change), to: id, at: time, db)
            let experiment = try ExperimentStore.experiment(id, db)
            if let key { try IdempotencyRecord.keep(key, of: id, answer: answer(experiment), at: time, db) }
            return .new(experiment)
        }
    }

    /// - Throws: `ExperimentsError.unknownExperiment`, and as `read`.
    public func experiment(_ id: ExperimentID) throws(ExperimentsError) -> Experiment {
        try read { db in try ExperimentStore.experiment(id, db) }
    }

    /// The newest experiments, or those after the cursor.
    ///
    /// - Parameters:
    ///   - state: nil for all of them.
    ///   - limit: 1 or more.
    public func experiments(
        state: ExperimentState?, limit: Int, after cursor: ExperimentCursor?
    ) throws(ExperimentsError) -> ExperimentPage {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM experiments WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3
                    """, arguments: [state?.rawValue, cursor?.description, limit + 1])
            let experiments = try rows.prefix(limit).map { try Experiment($0) }
            return ExperimentPage(
                experiments: experiments, next: rows.count > limit ? experiments.last.map { ExperimentCursor(after: $0.id) } : nil)
        }
    }

    /// Takes the experiment whose turn it is, of the highest priority the oldest, and begins it; nil where none waits.
    func claimNext() throws(ExperimentsError) -> Experiment? {
        let time = clock()
        return try write { db in
            let text = try String.fetchOne(
                db, sql: "SELECT id FROM experiments WHERE state = 'queued' ORDER BY priority DESC, id LIMIT 1")
            guard let text, let id = ExperimentID(text) else { return nil }
            try ExperimentStore.move(id, to: .running, at: time, db)
            return try ExperimentStore.experiment(id, db)
        }
    }

    /// Asks for an end: what waits is cancelled, what runs is about to be. Asking again changes nothing.
    ///
    /// - Throws: `ExperimentsError.illegalTransition` for one that has succeeded or failed.
    public func requestCancellation(of id: ExperimentID) throws(ExperimentsError) -> Experiment {
        let time = clock()
        return try write { db in
            switch try ExperimentStore.experiment(id, db).state {
            case .cancelling, .cancelled: break
            case .running: try ExperimentStore.move(id, to: .cancelling, at: time, db)
            default:
                try ExperimentStore.move(id, to: .cancelled, at: time, db)
                let cancelled = try ExperimentStore.experiment(id, db)
                try self.dropOldExperiments(db)
                return cancelled
            }
            return try ExperimentStore.experiment(id, db)
        }
    }

    /// Puts an experiment that runs back into the queue: the server stops. Its finished units are kept.
    func release(_ id: ExperimentID, runSeconds: Double) throws(ExperimentsError) {
        let time = clock()
        try write { db in
            try ExperimentStore.addRunSeconds(runSeconds, to: id, db)
            try ExperimentStore.move(id, to: .queued, at: time, db)
        }
    }

    /// Removes a finished experiment. Model versions that came of it stay, and with them its report.
    ///
    /// - Throws: `ExperimentsError.unknownExperiment`, `.notFinished`.
    public func delete(_ id: ExperimentID) throws(ExperimentsError) {
        try write { db in
            let state = try ExperimentStore.experiment(id, db).state
            guard state.isFinished else { throw ExperimentsError.notFinished(id, state: state) }
            try db.execute(sql: "DELETE FROM experiments WHERE id = ?", arguments: [id.description])
            try ExperimentStore.removeOrphanedReports(db)
        }
    }

    static func addRunSeconds(_ seconds: Double, to id: ExperimentID, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE experiments SET runSeconds = runSeconds + ? WHERE id = ?", arguments: [seconds, id.description])
    }

    static func removeOrphanedReports(_ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM reports WHERE experiment NOT IN (SELECT id FROM experiments)
                    AND experiment NOT IN (SELECT experiment FROM modelVersions)
                """)
    }
}

/// The first answer to a request that came with a key.
private struct IdempotencyRecord {
    /// So long a key is remembered.
    private static let lifetimeMilliseconds = 24 * 3600 * 1000

    let bodySHA256: String
    let experiment: ExperimentID
    let answer: [UInt8]

    static func find(_ key: IdempotencyKey, at time: Timestamp, _ db: Database) throws -> IdempotencyRecord? {
        let row = try Row.fetchOne(
            db, sql: "SELECT bodySHA256, experiment, answer FROM idempotencyKeys WHERE key = ? AND created >= ?",
            arguments: [key.key, time.milliseconds - lifetimeMilliseconds])
        guard let row, let experiment = ExperimentID(try row.decode(String.self, forColumn: "experiment")) else { return nil }
        let answer: Data = try row.decode(forColumn: "answer")
        return IdempotencyRecord(
            bodySHA256: try row.decode(forColumn: "bodySHA256"), experiment: experiment, answer: [UInt8](answer))
    }

    static func keep(_ key: IdempotencyKey, of id: ExperimentID, answer: [UInt8], at time: Timestamp, _ db: Database) throws {
        try db.execute(
            sql: "DELETE FROM idempotencyKeys WHERE created < ?", arguments: [time.milliseconds - lifetimeMilliseconds])
        try db.execute(
            sql: "INSERT INTO idempotencyKeys (key, bodySHA256, experiment, answer, created) VALUES (?, ?, ?, ?, ?)",
            arguments: [key.key, key.bodySHA256, id.description, Data(answer), time.milliseconds])
    }
}
