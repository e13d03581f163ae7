import Foundation
import GRDB

/// Putting right what a server that was killed left behind.
extension ExperimentStore {
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

    /// Removes files that nothing refers to: of models whose transaction never came, of data sets that no experiment needs, and what was
    /// being written when the server was killed. Only files that are named as the server names its own.
    ///
    /// To be called before anything is written.
    func removeStrayFiles() throws(ExperimentsError) {
        try removeUnreferencedRows(/[0-9a-f]{64}\.bin(\.\d+-\d+\.tmp)?/)
        let versions = try read { db in
            try Row.fetchAll(db, sql: "SELECT classifier, version FROM modelVersions").map { row in
                let (name, version): (String, Int) = (try row.decode(forColumn: "classifier"), try row.decode(forColumn: "version"))
                return "\(name)-\(version).json"
            }
        }
        ExperimentStore.removeFiles(in: folder.versionsPath, named: /[a-z-]+-\d+\.json(\.\d+-\d+\.tmp)?/, except: Set(versions))
    }

    /// Removes the files of rows that no data set and no experiment needs any more.
    ///
    /// - Parameter pattern: of the files' names; files that are being written are left alone unless it says otherwise.
    func removeUnreferencedRows(
        _ pattern: Regex<(Substring, Substring?)> = /[0-9a-f]{64}\.bin()?/
    ) throws(ExperimentsError) {
        let datasets = try read { db in
            try String.fetchAll(db, sql: "SELECT sha256 FROM datasets UNION SELECT datasetSHA256 FROM experiments")
        }
        ExperimentStore.removeFiles(in: folder.datasetsPath, named: pattern, except: Set(datasets.map { "\($0).bin" }))
    }

    private static func removeFiles(in folder: String, named pattern: Regex<(Substring, Substring?)>, except kept: Set<String>) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where !kept.contains(name) && name.wholeMatch(of: pattern) != nil { unlink("\(folder)/\(name)") }
    }

    private static func ids(in state: ExperimentState, _ db: Database) throws -> [ExperimentID] {
        try String.fetchAll(db, sql: "SELECT id FROM experiments WHERE state = ? ORDER BY id", arguments: [state.rawValue])
            .compactMap { ExperimentID($0) }
    }
}
