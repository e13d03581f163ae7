import Files
import Foundation
import GRDB

/// A copy of a state folder from which a server can start: the database by SQLite's online backup, and every file that it refers to. A server
/// may use the folder meanwhile, and is not held up.
///
/// The copy is of one moment: files that the database of that moment refers to and that were removed before they were copied are looked for in
/// a later one. The database gets its name last, so that what was broken off is not taken for a backup, and all of it is on the disk before
/// this ends.
public struct StateBackup: Sendable {
    public let summary: StateSummary
    /// What cannot be copied, or is not what its checksum says, each naming its file; empty where the backup is whole. All else is copied.
    public let faults: [ExperimentsError]

    /// - Parameters:
    ///   - folder: the state folder.
    ///   - destination: made where it is missing.
    /// - Throws: `ExperimentsError.backupFolderNotEmpty`, `.unwritableFile`, `.unusableFolder` where there is no database; what SQLite says.
    public init(of folder: String, to destination: String) throws(ExperimentsError) {
        let file = StatePaths.database(in: folder)
        do {
            let source = try StateContents.openDatabase(in: folder)
            try StateBackup.makeFolders(destination)
            let unfinishedFile = StatePaths.database(in: destination) + ".unfinished"
            let (contents, faults) = try StateBackup.copy(source, folder: folder, to: destination, databaseFile: unfinishedFile)
            try DurableFile.move(unfinishedFile, to: StatePaths.database(in: destination))
            DurableFile.synchronizeFolder(of: destination)
            summary = contents.summary
            self.faults = faults
        } catch let error as FileError {
            throw .unwritableFile(error)
        } catch {
            throw ExperimentsError(error, file: file)
        }
    }

    private static func makeFolders(_ destination: String) throws {
        if let found = try? FileManager.default.contentsOfDirectory(atPath: destination).min() {
            throw ExperimentsError.backupFolderNotEmpty(folder: destination, found: found)
        }
        for part in [StatePaths.versions, StatePaths.datasets] { try DurableFile.requireWritableFolder("\(destination)/\(part)") }
    }

    private static func copy(
        _ source: DatabaseQueue, folder: String, to destination: String, databaseFile: String
    ) throws -> (StateContents, [ExperimentsError]) {
        let target = try DatabaseQueue(path: databaseFile)
        var copied: Set<StateContents.File> = []
        var missing: Set<StateContents.File> = []
        while true {
            try source.backup(to: target)
            let contents = try target.read { db in try StateContents(db) }
            let files = contents.files(in: folder)
            let missingBefore = missing
            missing = try files.subtracting(copied).filter { file in
                guard let bytes = try? FileBytes.read("\(folder)/\(file.path)") else { return true }
                try DurableFile.replace("\(destination)/\(file.path)", with: bytes)
                copied.insert(file)
                return false
            }
            // What two states of the database miss is lost, and was not merely removed while this went on.
            guard missing.subtracting(missingBefore).isEmpty else { continue }
            for file in copied.subtracting(files) { DurableFile.remove("\(destination)/\(file.path)") }
            // One file and no log beside it, also where it is only read.
            try target.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA journal_mode = DELETE") }
            try target.close()
            let faults = files.sorted { $0.path < $1.path }
                .compactMap { $0.fault(in: missing.contains($0) ? folder : destination) }
            return (contents, faults)
        }
    }
}
