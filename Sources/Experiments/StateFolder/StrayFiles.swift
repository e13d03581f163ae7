import Files
import Foundation
import GRDB

/// Files that nothing in the database refers to.
extension ExperimentStore {
    /// A part of the state folder whose files are named after what the database knows.
    private struct FolderPart {
        let name: String
        let path: String
        /// Of the files that the server writes there, with those that stand there for a while only.
        let pattern: Regex<(Substring, Substring?, Substring?)>
        /// What the database refers to.
        let known: Set<String>

        /// Names of files that nothing refers to, each with whether it is whole: neither half-written nor there for a while only.
        var strays: [(name: String, isWhole: Bool)] { files.filter { !known.contains($0.name) } }

        /// Whether there are whole files, of which the database knows none.
        var isForeign: Bool {
            let whole = files.filter(\.isWhole)
            return !whole.isEmpty && whole.allSatisfy { !known.contains($0.name) }
        }

        private var files: [(name: String, isWhole: Bool)] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            return names.sorted().compactMap { name in
                name.wholeMatch(of: pattern).map { (name, $0.1 == nil && $0.2 == nil) }
            }
        }
    }

    /// Clears away files that nothing refers to: of models whose transaction never came, of data sets that no experiment needs, and what was
    /// being written when the server was killed. Only files that are named as the server names its own.
    ///
    /// Where the database knows none of a folder's files it may not be the one that belongs to them: it was copied without its write-ahead
    /// log, or is an older one. Then they are moved to another folder and none is removed, save rows that can be had again.
    ///
    /// To be called before anything is written.
    /// - Parameter onSetAside: called with the new path of each file that is moved.
    /// - Throws: `ExperimentsError.unwritableFile` where one cannot be moved.
    func clearStrayFiles(onSetAside: (String) -> Void) throws(ExperimentsError) {
        for part in [try versionFiles(), try rowFiles()] {
            let isForeign = part.isForeign
            for stray in part.strays {
                if isForeign, stray.isWhole, !DatasetLibrary.canBeHadAgain(rowsFileName: stray.name) {
                    onSetAside(try setAside(stray.name, of: part))
                } else {
                    DurableFile.remove("\(part.path)/\(stray.name)")
                }
            }
        }
    }

    /// Removes the files of rows that no data set and no experiment needs any more; those that are being written are left alone.
    func removeUnreferencedRows() throws(ExperimentsError) {
        let part = try rowFiles()
        for stray in part.strays where stray.isWhole { DurableFile.remove("\(part.path)/\(stray.name)") }
    }

    private func versionFiles() throws(ExperimentsError) -> FolderPart {
        let versions = try read { db in
            try Row.fetchAll(db, sql: "SELECT classifier, version FROM modelVersions").map { row in
                let (name, version): (String, Int) = (try row.decode(forColumn: "classifier"), try row.decode(forColumn: "version"))
                return "\(name)-\(version).json"
            }
        }
        return FolderPart(
            name: StatePaths.versions, path: folder.versionsPath, pattern: /(passing-)?[a-z-]+-\d+\.json(\.\d+-\d+\.tmp)?/,
            known: Set(versions))
    }

    private func rowFiles() throws(ExperimentsError) -> FolderPart {
        let digests = try read { db in
            try String.fetchAll(
                db,
                sql: """
                    SELECT sha256 FROM datasets UNION SELECT datasetSHA256 FROM experiments
                    UNION SELECT json_extract(provenance, '$.dataset.sha256') FROM modelVersions
                    """)
        }
        return FolderPart(
            name: StatePaths.datasets, path: folder.datasetsPath, pattern: /(passing-)?[0-9a-f]{64}\.bin(\.\d+-\d+\.tmp)?/,
            known: Set(digests.map { "\($0).bin" }))
    }

    /// - Returns: where the file is now.
    private func setAside(_ name: String, of part: FolderPart) throws(ExperimentsError) -> String {
        let strays = folder.strayPath(of: part.name)
        var destination = "\(strays)/\(name)"
        var copyNumber = 1
        while FileManager.default.fileExists(atPath: destination) {
            copyNumber += 1
            destination = "\(strays)/\(name).\(copyNumber)"
        }
        do throws(FileError) {
            try DurableFile.requireWritableFolder(strays)
            try DurableFile.move("\(part.path)/\(name)", to: destination)
        } catch {
            throw .unwritableFile(error)
        }
        return destination
    }
}
