import DigitAPI
import GRDB
import ModelSelection

/// An experiment that has ended and is queued again.
extension ExperimentStore {
    /// Queues a finished experiment again: trials that have succeeded are kept, those that have failed are measured anew, and what was never
    /// begun is done. Models that came of it stay, and with them its report.
    ///
    /// - Throws: `ExperimentsError.notFinished`, `.nothingToRetry` where it has succeeded and no trial has failed, `.queueFull`.
    public func retry(_ id: ExperimentID) throws(ExperimentsError) -> Experiment {
        let time = clock()
        return try write { db in
            let experiment = try ExperimentStore.experiment(id, db)
            guard experiment.state.isFinished else { throw ExperimentsError.notFinished(id, state: experiment.state) }
            guard experiment.state != .succeeded || experiment.progress.failedTrialCount > 0 else {
                throw ExperimentsError.nothingToRetry(id)
            }
            try requireRoomInQueue(db)
            // As after a restart: what another version has measured is measured anew.
            try db.execute(
                sql: "DELETE FROM units WHERE experiment = ?1 AND (SELECT digitdVersion FROM experiments WHERE id = ?1) <> ?2",
                arguments: [id.description, digitdVersion])
            let kept = try ExperimentStore.removeFailedTrials(of: id, db)
            try db.execute(
                sql: """
                    UPDATE experiments SET finishedTrialCount = ?, failedTrialCount = 0, best = CASE WHEN ? THEN best END, models = '[]',
                        digitdVersion = ? WHERE id = ?
                    """, arguments: [kept.trialCount, kept.hasLastRound, digitdVersion, id.description])
            try db.execute(
                sql: "DELETE FROM reports WHERE experiment = ?1 AND ?1 NOT IN (SELECT experiment FROM modelVersions)",
                arguments: [id.description])
            try ExperimentStore.move(id, to: .queued, at: time, db)
            return try ExperimentStore.experiment(id, db)
        }
    }

    /// Removes failed trials from the units of an experiment, and the rounds after the first that had any: which candidates those have may be
    /// another choice then.
    ///
    /// - Returns: how many trials are left, and whether those of the last round that had any are among them.
    private static func removeFailedTrials(of id: ExperimentID, _ db: Database) throws -> (trialCount: Int, hasLastRound: Bool) {
        var (keptCount, firstFailedRound, hasLastRound) = (0, Int.max, false)
        let rows = try Row.fetchAll(
            db, sql: "SELECT number, round, trials FROM units WHERE experiment = ? ORDER BY round, number", arguments: [id.description])
        for row in rows {
            let (number, round): (Int, Int) = (try row.decode(forColumn: "number"), try row.decode(forColumn: "round"))
            let unit = try StoredJSON.value(JournalUnit.self, of: try row.decode(forColumn: "trials"))
            let succeeded = unit.succeeded
            hasLastRound = round <= firstFailedRound
            if succeeded.trialCount < unit.trialCount { firstFailedRound = min(firstFailedRound, round) }
            if !hasLastRound || succeeded.trialCount == 0 {
                try db.execute(sql: "DELETE FROM units WHERE number = ?", arguments: [number])
                continue
            }
            keptCount += succeeded.trialCount
            guard succeeded.trialCount < unit.trialCount else { continue }
            try db.execute(sql: "UPDATE units SET trials = ? WHERE number = ?", arguments: [try StoredJSON.text(of: succeeded), number])
        }
        return (keptCount, hasLastRound)
    }
}
