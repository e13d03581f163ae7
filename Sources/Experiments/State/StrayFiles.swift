import Foundation
import GRDB

/// Files that nothing in the database refers to.
extension ExperimentStore {
    /// Removes files that nothing refers to: of models whose transaction never came, of data sets that no experiment needs, and what was
    /// being written when the server was killed. Only files that are named as the server names its own.
    ///
    /// To be called before anything is written.
    func removeStrayFiles() throws(ExperimentsError) {
        try removeUnreferencedRows(/(?:passing-)?[0-9a-f]{64}\.bin(\.\d+-\d+\.tmp)?/)
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
            try String.fetchAll(
                db,
                sql: """
                    SELECT sha256 FROM datasets UNION SELECT datasetSHA256 FROM experiments
                    UNION SELECT json_extract(provenance, '$.dataset.sha256') FROM modelVersions
                    """)
        }
        ExperimentStore.removeFiles(in: folder.datasetsPath, named: pattern, except: Set(datasets.map { "\($0).bin" }))
    }

    private static func removeFiles(in folder: String, named pattern: Regex<(Substring, Substring?)>, except kept: Set<String>) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where !kept.contains(name) && name.wholeMatch(of: pattern) != nil { unlink("\(folder)/\(name)") }
    }
}
