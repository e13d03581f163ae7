import Classifiers
import DigitAPI
import Digits
import Files
import Foundation
import GRDB
import ModelFiles

/// What a database says that its state folder holds.
///
/// The folder is looked at without its lock, so that a server may use it meanwhile: in WAL mode a reader sees one state of the database,
/// whatever is written, and nobody waits for it. Files are written before the database refers to them, never change, and are removed after
/// it refers to them no more.
struct StateContents {
    /// A file that the database refers to.
    enum File: Hashable {
        case model(ClassifierName, version: Int)
        case rows(sha256: String)

        /// From the state folder.
        var path: String {
            switch self {
            case .model(let classifier, let version): StatePaths.model(classifier: classifier, version: version)
            case .rows(let sha256): StatePaths.rows(sha256: sha256)
            }
        }

        /// What is wrong with the file in a folder: that it cannot be read, or is not what its checksum says; nil where nothing is.
        func fault(in folder: String) -> ExperimentsError? {
            let path = "\(folder)/\(path)"
            switch self {
            case .model(let classifier, _):
                do throws(ModelFileError) { _ = try ModelDocument(file: path, of: classifier) } catch { return .badModel(error) }
            case .rows(let sha256):
                do throws(FileError) {
                    // The file is the rows in the form that the digest is of.
                    guard SHA256.hexadecimal(of: try FileBytes.read(path)) == sha256 else {
                        return .wrongRows(file: path, expectedSHA256: sha256)
                    }
                } catch {
                    return .badDataset(.file(error))
                }
            }
            return nil
        }
    }

    let summary: StateSummary
    /// Files that have to be there.
    private let neededFiles: Set<File>
    /// Rows that only model versions were trained on: the next promotion compares on them, and does without where they are gone.
    private let usefulFiles: Set<File>

    init(_ db: Database) throws {
        let rows = try String.fetchAll(db, sql: "SELECT sha256 FROM datasets UNION SELECT datasetSHA256 FROM experiments")
        let models = try Row.fetchAll(db, sql: "SELECT classifier, version FROM modelVersions").map { row in
            let name: String = try row.decode(forColumn: "classifier")
            guard let classifier = ClassifierName(rawValue: name) else {
                throw ExperimentsError.databaseFailed(reason: "a model version of '\(name)'")
            }
            return File.model(classifier, version: try row.decode(forColumn: "version"))
        }
        let trainingRows = try String.fetchAll(db, sql: "SELECT json_extract(provenance, '$.dataset.sha256') FROM modelVersions")
        neededFiles = Set(rows.map { File.rows(sha256: $0) } + models)
        usefulFiles = Set(trainingRows.map { File.rows(sha256: $0) }).subtracting(neededFiles)
        summary = StateSummary(
            experimentCount: try Int.fetchOne(db, sql: "SELECT count(*) FROM experiments") ?? 0, modelVersionCount: models.count,
            datasetCount: try Int.fetchOne(db, sql: "SELECT count(*) FROM datasets") ?? 0)
    }

    /// The files that a folder has to have, and those of the useful ones that it has.
    func files(in folder: String) -> Set<File> {
        neededFiles.union(usefulFiles.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0.path)") })
    }

    /// Opens the database of a folder to read it.
    ///
    /// - Throws: `ExperimentsError.unusableFolder` where there is none; `.newerDatabase`; what SQLite says.
    static func openDatabase(in folder: String) throws -> DatabaseQueue {
        let path = StatePaths.database(in: folder)
        guard FileManager.default.fileExists(atPath: path) else {
            throw ExperimentsError.unusableFolder(folder: folder, reason: "there is no \(path)")
        }
        var configuration = Configuration()
        configuration.label = "digitd"
        configuration.readonly = true
        configuration.busyMode = .timeout(ExperimentStore.defaultLockWaitSeconds)
        let database = try DatabaseQueue(path: path, configuration: configuration)
        if try database.read(ExperimentSchema.migrator.hasBeenSuperseded) { throw ExperimentsError.newerDatabase(file: path) }
        return database
    }
}

/// How much a state folder holds.
public struct StateSummary: Hashable, Sendable {
    public let experimentCount: Int
    public let modelVersionCount: Int
    /// Of those that were uploaded.
    public let datasetCount: Int
}
