import Foundation
import GRDB
import ModelSelection

/// What running experiments leave behind: units, events, and at the end a report.
extension ExperimentStore {
    /// What one finished unit adds.
    struct Advance {
        /// Round that the unit belongs to; 0 in a search without rounds.
        let round: Int
        let trials: [Trial]
        let best: Experiment.BestCandidate?
        let secondsLeft: Double?
        /// The trials as their event shows them.
        let events: [EventData.FinishedTrial]
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
            let data = try ExperimentStore.trialsData(advance.events, of: id, db)
            try ExperimentStore.append(.trials, try StoredJSON.text(of: data), to: id, at: time, db)
        }
    }

    private static func requireRunning(_ id: ExperimentID, _ db: Database) throws {
        let text = try String.fetchOne(
            db.cachedStatement(sql: "SELECT state FROM experiments WHERE id = ?"), arguments: [id.description])
        guard let state = text.flatMap(ExperimentState.init) else { throw ExperimentsError.unknownExperiment(id.description) }
        guard state == .running else { throw ExperimentsError.notRunning(id, state: state) }
    }

    /// What an event says of trials; with the columns that it takes alone, for the request of an experiment may be long.
    private static func trialsData(_ trials: [EventData.FinishedTrial], of id: ExperimentID, _ db: Database) throws -> EventData.Trials {
        let statement = try db.cachedStatement(
            sql: """
                SELECT candidateCount, trialCount, finishedTrialCount, failedTrialCount, secondsLeft, best FROM experiments WHERE id = ?
                """)
        guard let row = try Row.fetchOne(statement, arguments: [id.description]) else {
            throw ExperimentsError.unknownExperiment(id.description)
        }
        return EventData.Trials(trials: trials, progress: try Experiment.Progress(row), best: try Experiment.BestCandidate(row))
    }

    /// The finished units of a round, in the order in which they finished.
    func units(of id: ExperimentID, round: Int) throws(ExperimentsError) -> [JournalUnit] {
        try read { db in
            let texts = try String.fetchAll(
                db, sql: "SELECT trials FROM units WHERE experiment = ? AND round = ? ORDER BY number", arguments: [id.description, round])
            return try texts.map { text throws(ExperimentsError) in try StoredJSON.value(JournalUnit.self, of: text) }
        }
    }

    /// Events after the one of that number, 0 for all of them, and whether none can follow the last one given.
    ///
    /// - Parameter limit: at most so many.
    public func events(
        of id: ExperimentID, after number: Int, limit: Int
    ) throws(ExperimentsError) -> (events: [ExperimentEvent], isEnd: Bool) {
        try read { db in
            let isFinished = try ExperimentStore.experiment(id, db).state.isFinished
            let rows = try Row.fetchAll(
                db, sql: "SELECT number, kind, data FROM events WHERE experiment = ? AND number > ? ORDER BY number LIMIT ?",
                arguments: [id.description, number, limit + 1])
            let events = try rows.prefix(limit).map { row in
                let kind: String = try row.decode(forColumn: "kind")
                guard let known = ExperimentEvent.Kind(rawValue: kind) else {
                    throw ExperimentsError.databaseFailed(reason: "an event of kind '\(kind)'")
                }
                return ExperimentEvent(
                    number: try row.decode(forColumn: "number"), kind: known, data: try row.decode(forColumn: "data"))
            }
            return (events, isFinished && rows.count <= limit)
        }
    }

    /// Ends an experiment without models, with the report of what it has where there is room for it; where there is not, its units stay,
    /// from which the report can be made.
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

    /// Keeps a report, which takes the place of the units.
    static func keep(_ report: [UInt8], of id: ExperimentID, _ db: Database) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO reports (experiment, document) VALUES (?, ?)", arguments: [id.description, Data(report)])
        try db.execute(sql: "DELETE FROM units WHERE experiment = ?", arguments: [id.description])
    }

    /// The report of a finished experiment; nil where it has none yet.
    public func report(of id: ExperimentID) throws(ExperimentsError) -> [UInt8]? {
        try read { db in
            let document = try Data.fetchOne(
                db, sql: "SELECT document FROM reports WHERE experiment = ?", arguments: [id.description])
            return document.map { [UInt8]($0) }
        }
    }

    /// Finished experiments past the limit go, those first that finished first: the one that has waited longest for its turn is not gone
    /// the moment it ends.
    func dropOldExperiments(_ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM experiments WHERE id IN (
                    SELECT id FROM experiments WHERE state IN ('succeeded', 'failed', 'cancelled')
                    ORDER BY finished DESC, id DESC LIMIT -1 OFFSET ?)
                """, arguments: [limits.finishedExperimentCount])
        try ExperimentStore.removeOrphanedReports(db)
    }
}
