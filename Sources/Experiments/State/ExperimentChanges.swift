import DigitAPI
import Foundation
import GRDB
import ModelSelection

/// All that changes in the database from the queuing of an experiment to its end and its removal, in the order of its life.
extension ExperimentStore {
    /// What came of handing in an experiment.
    public enum Submission: Sendable {
        case new(Experiment)
        /// The idempotency key came before, with the same body: the answer is the one that was given then.
        case repeated(ExperimentID, answer: [UInt8])
    }

    /// Queues an experiment.
    ///
    /// - Parameters:
    ///   - answer: the answer to the client, kept with the key.
    /// - Throws: `ExperimentsError.queueFull`, `.idempotencyKeyReused`, and as `write`.
    public func submit(
        _ request: ExperimentRequest, dataset: ExperimentDescription.Dataset, candidateCount: Int, trialCount: Int, key: IdempotencyKey?,
        answer: (Experiment) -> [UInt8]
    ) throws(ExperimentsError) -> Submission {
        let time = clock()
        return try write { db in
            if let key, let earlier = try ExperimentStore.earlierSubmission(key, at: time, db) { return earlier }
            try self.requireRoomInQueue(db)
            let last = try String.fetchOne(db, sql: "SELECT max(id) FROM experiments").flatMap { ExperimentID($0) }
            let id = ExperimentID.next(after: last, at: time.milliseconds, randomWord: randomWord)
            try db.execute(
                sql: """
                    INSERT INTO experiments (id, state, priority, request, datasetSHA256, datasetRowCount, digitdVersion, created,
                        candidateCount, trialCount)
                    VALUES (?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id.description, request.priority, try StoredJSON.text(of: request.wire), dataset.sha256, dataset.rows, digitdVersion,
                    time.milliseconds, candidateCount, trialCount,
                ])
            try ExperimentStore.append(.state(ExperimentUpdate.StateChange(state: .queued)), to: id, at: time, db)
            let experiment = try ExperimentStore.experiment(id, db)
            if let key { try IdempotencyRecord.keep(key, of: id, answer: answer(experiment), at: time, db) }
            return .new(experiment)
        }
    }

    func requireRoomInQueue(_ db: Database) throws {
        let queuedCount = try Int.fetchOne(db, sql: "SELECT count(*) FROM experiments WHERE state = 'queued'") ?? 0
        guard queuedCount < limits.queuedExperimentCount else { throw ExperimentsError.queueFull(limit: limits.queuedExperimentCount) }
    }

    /// Takes the experiment whose turn it is, of the highest priority the oldest, and begins it; nil where none waits.
    func claimNext() throws(ExperimentsError) -> Experiment? {
        let time = clock()
        return try write { db in
            let text = try String.fetchOne(
                db, sql: "SELECT id FROM experiments WHERE state = 'queued' ORDER BY priority DESC, id LIMIT 1")
            guard let text, let id = ExperimentID(text) else { return nil }
            try ExperimentStore.move(id, to: .running, at: time, db)
            try db.execute(
                sql: "UPDATE experiments SET resumedTrialCount = finishedTrialCount WHERE id = ?", arguments: [id.description])
            return try ExperimentStore.experiment(id, db)
        }
    }

    /// Writes down how many trials an experiment has, which halving knows better from round to round.
    func setTrialCount(_ count: Int, of id: ExperimentID) throws(ExperimentsError) {
        try write(.deferred) { db in
            try db.execute(
                sql: "UPDATE experiments SET trialCount = ?1, revision = revision + 1 WHERE id = ?2 AND trialCount <> ?1",
                arguments: [count, id.description])
        }
    }

    /// What one finished unit adds.
    struct Advance {
        /// Round that the unit belongs to; 0 in a search without rounds.
        let round: Int
        let trials: [Trial]
        let best: BestCandidate?
        let secondsLeft: Double?
        /// The trials as their event shows them.
        let events: [ExperimentUpdate.FinishedTrial]
    }

    /// Commits a finished unit: from then on it counts.
    ///
    /// - Throws: `ExperimentsError.notRunning` where the experiment was cancelled meanwhile; `.diskFull`.
    func record(_ advance: Advance, of id: ExperimentID) throws(ExperimentsError) {
        let time = clock()
        try write(.deferred) { db in
            try ExperimentStore.requireRunning(id, db)
            try db.cachedStatement(sql: "INSERT INTO units (experiment, round, trials) VALUES (?, ?, ?)").execute(
                arguments: [id.description, advance.round, try StoredJSON.text(of: JournalUnit(advance.trials))])
            let failedCount = advance.trials.count { if case .failed = $0.outcome { true } else { false } }
            try db.cachedStatement(
                sql: """
                    UPDATE experiments SET finishedTrialCount = finishedTrialCount + ?, failedTrialCount = failedTrialCount + ?,
                        secondsLeft = ?, best = coalesce(?, best), revision = revision + 1 WHERE id = ?
                    """
            ).execute(arguments: [
                advance.trials.count, failedCount, advance.secondsLeft,
                try advance.best.map { best throws(ExperimentsError) in try StoredJSON.text(of: best) }, id.description,
            ])
            let data = try ExperimentStore.finishedTrials(advance.events, of: id, db)
            try ExperimentStore.append(.trials(data), to: id, at: time, db)
        }
    }

    private static func requireRunning(_ id: ExperimentID, _ db: Database) throws {
        let text = try String.fetchOne(
            db.cachedStatement(sql: "SELECT state FROM experiments WHERE id = ?"), arguments: [id.description])
        guard let state = text.flatMap(ExperimentState.init) else { throw ExperimentsError.unknownExperiment(id.description) }
        guard state == .running else { throw ExperimentsError.notRunning(id, state: state) }
    }

    /// What an event says of trials; with the columns that it takes alone, for the request of an experiment may be long.
    private static func finishedTrials(
        _ trials: [ExperimentUpdate.FinishedTrial], of id: ExperimentID, _ db: Database
    ) throws -> ExperimentUpdate.FinishedTrials {
        let statement = try db.cachedStatement(
            sql: """
                SELECT candidateCount, trialCount, finishedTrialCount, failedTrialCount, secondsLeft, best FROM experiments WHERE id = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [id.description]) else {
            throw ExperimentsError.unknownExperiment(id.description)
        }
        return ExperimentUpdate.FinishedTrials(trials: trials, progress: try ExperimentProgress(row), best: try BestCandidate(row))
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

    /// Ends an experiment without models, with the report of what it has where there is room for it. Its units stay: the report can be made
    /// of them where there is no room, and a retry goes on from there.
    func end(
        _ id: ExperimentID, as state: ExperimentState, failure: String? = nil, report: [UInt8]?, runSeconds: Double
    ) throws(ExperimentsError) {
        let time = clock()
        func end(with report: [UInt8]?) throws(ExperimentsError) {
            try writeWithReserve { db in
                try ExperimentStore.addRunSeconds(runSeconds, to: id, db)
                if let report { try ExperimentStore.keep(report, of: id, db) }
                try ExperimentStore.move(id, to: state, failure: failure, at: time, db)
                try self.dropOldExperiments(db)
            }
        }
        do throws(ExperimentsError) {
            try end(with: report)
        } catch {
            guard report != nil else { throw error }
            try end(with: nil)
        }
    }

    /// Ends an experiment that has succeeded: its report, its model versions and which of them serve, all or nothing.
    /// The files of versions that are kept no longer are removed.
    ///
    /// - Returns: the changes of models, as they are written down.
    @discardableResult
    func succeed(
        _ id: ExperimentID, report: [UInt8], decisions: [PromotionDecision], versions: [NewVersion], runSeconds: Double
    ) throws(ExperimentsError) -> [ModelChange] {
        let time = clock()
        let (changes, dropped) = try write { db in
            try ExperimentStore.addRunSeconds(runSeconds, to: id, db)
            let changes = try versions.flatMap { try ExperimentStore.keep($0, of: id, at: time, db) }
            try ExperimentStore.keep(report, of: id, db)
            // Where every trial has succeeded nothing is ever tried again: the report takes the place of the units.
            try db.execute(
                sql: "DELETE FROM units WHERE experiment = ?1 AND (SELECT failedTrialCount FROM experiments WHERE id = ?1) = 0",
                arguments: [id.description])
            try db.execute(
                sql: "UPDATE experiments SET models = ? WHERE id = ?", arguments: [try StoredJSON.text(of: decisions), id.description])
            for decision in decisions {
                let notice = ExperimentUpdate.Notice(message: "\(decision.classifier.rawValue): \(decision.decision)")
                try ExperimentStore.append(.notice(notice), to: id, at: time, db)
            }
            try ExperimentStore.move(id, to: .succeeded, at: time, db)
            let dropped = try self.dropOldVersions(db)
            try self.dropOldExperiments(db)
            return (changes, dropped)
        }
        for version in dropped { unlink(folder.modelPath(classifier: version.classifier, version: version.number)) }
        return changes
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

    /// Puts right what a server that was killed left behind.
    func recover() throws(ExperimentsError) {
        let time = clock()
        try write { db in
            for id in try ExperimentStore.ids(in: .cancelling, db) { try ExperimentStore.move(id, to: .cancelled, at: time, db) }
            for id in try ExperimentStore.ids(in: .running, db) { try ExperimentStore.move(id, to: .queued, at: time, db) }
            // Another version may measure otherwise; half of one and half of the other would be the report of neither.
            let stale = "state = 'queued' AND digitdVersion <> ?"
            try db.execute(
                sql: "DELETE FROM units WHERE experiment IN (SELECT id FROM experiments WHERE \(stale))", arguments: [digitdVersion])
            try db.execute(
                sql: """
                    UPDATE experiments SET finishedTrialCount = 0, failedTrialCount = 0, best = NULL, digitdVersion = ?,
                        revision = revision + 1 WHERE \(stale)
                    """, arguments: [digitdVersion, digitdVersion])
        }
    }

    // MARK: What several of them change

    /// Changes an experiment's state, with the event that reports it.
    ///
    /// - Throws: `ExperimentsError.illegalTransition`; the one place where states change.
    static func move(
        _ id: ExperimentID, to next: ExperimentState, failure: String? = nil, at time: Timestamp, _ db: Database
    ) throws {
        let state = try experiment(id, db).state
        guard state.mayBecome(next) else { throw ExperimentsError.illegalTransition(id, from: state, to: next) }
        try db.execute(
            sql: """
                UPDATE experiments SET state = ?, failure = ?, revision = revision + 1,
                    started = CASE WHEN ? THEN coalesce(started, ?) ELSE started END,
                    finished = CASE WHEN ? THEN ? ELSE NULL END,
                    secondsLeft = NULL
                WHERE id = ?
                """,
            arguments: [
                next.rawValue, failure, next == .running, time.milliseconds, next.isFinished, time.milliseconds, id.description,
            ])
        try append(.state(ExperimentUpdate.StateChange(state: next, failure: failure)), to: id, at: time, db)
    }

    static func append(_ update: ExperimentUpdate, to id: ExperimentID, at time: Timestamp, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO events (experiment, number, kind, data, time)
                VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM events WHERE experiment = ?1), ?2, ?3, ?4)
                """
        ).execute(arguments: [id.description, update.kind.rawValue, try StoredJSON.text(of: update), time.milliseconds])
    }

    private static func addRunSeconds(_ seconds: Double, to id: ExperimentID, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE experiments SET runSeconds = runSeconds + ? WHERE id = ?", arguments: [seconds, id.description])
    }

    private static func ids(in state: ExperimentState, _ db: Database) throws -> [ExperimentID] {
        try String.fetchAll(db, sql: "SELECT id FROM experiments WHERE state = ? ORDER BY id", arguments: [state.rawValue])
            .compactMap { ExperimentID($0) }
    }

    private static func keep(_ report: [UInt8], of id: ExperimentID, _ db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO reports (experiment, document) VALUES (?, ?)", arguments: [id.description, Data(report)])
    }

    /// Finished experiments past the limit go, those first that finished first: the one that has waited longest for its turn is not gone
    /// the moment it ends.
    private func dropOldExperiments(_ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM experiments WHERE id IN (
                    SELECT id FROM experiments WHERE state IN ('succeeded', 'failed', 'cancelled')
                    ORDER BY finished DESC, id DESC LIMIT -1 OFFSET ?)
                """, arguments: [limits.finishedExperimentCount])
        try ExperimentStore.removeOrphanedReports(db)
    }

    private static func removeOrphanedReports(_ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM reports WHERE experiment NOT IN (SELECT id FROM experiments)
                    AND experiment NOT IN (SELECT experiment FROM modelVersions)
                """)
    }
}
