import GRDB

/// Whether a state folder, or a backup of one, is whole: SQLite's own check of the database, and the checksum of every file that it refers
/// to. A server may use the folder meanwhile.
public struct StateVerification: Sendable {
    /// Nil where the database cannot be read.
    public let summary: StateSummary?
    /// Everything that is wrong, each naming its file; empty for a folder that is whole.
    public let faults: [ExperimentsError]

    /// How many faults of the database itself are listed.
    private static let databaseFaultLimit = 20

    /// Looks through a folder; reads all of it.
    ///
    /// - Throws: `ExperimentsError.unusableFolder` where there is no database, `.newerDatabase`, `.databaseBusy`, `.diskFailed`.
    public init(folder: String) throws(ExperimentsError) {
        let file = StatePaths.database(in: folder)
        do {
            let database = try StateContents.openDatabase(in: folder)
            let findings = try database.read { db in
                try String.fetchAll(db, sql: "PRAGMA integrity_check(\(StateVerification.databaseFaultLimit))")
            }
            let contents = try database.read { db in try StateContents(db) }
            var fileFaults: [StateContents.File: ExperimentsError] = contents.files(in: folder).reduce(into: [:]) {
                $0[$1] = $1.fault(in: folder)
            }
            if !fileFaults.isEmpty {
                // What the database refers to no more may have been removed meanwhile.
                let files = try database.read { db in try StateContents(db).files(in: folder) }
                fileFaults = fileFaults.filter { files.contains($0.key) }
            }
            summary = contents.summary
            faults =
                findings.filter { $0 != "ok" }.map { .damagedDatabase(file: file, reason: $0) }
                + fileFaults.sorted { $0.key.path < $1.key.path }.map(\.value)
        } catch {
            let error = ExperimentsError(error, file: file)
            guard case .damagedDatabase = error else { throw error }
            summary = nil
            faults = [error]
        }
    }
}
