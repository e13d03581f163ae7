import Classifiers
import DigitAPI
import Foundation
import GRDB
import ModelFiles

/// The registry's tables: which versions there are, which are active, and how that came about.
extension ExperimentStore {
    /// A version that an experiment has made, its document written.
    struct NewVersion {
        let classifier: ClassifierName
        let version: Int
        let provenance: TrainingProvenance
        /// Why it is put into service; nil where it is not.
        let promotion: String?
    }

    /// All trained versions, by classifier and number.
    public func modelVersions() throws(ExperimentsError) -> [ModelVersion] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM modelVersions ORDER BY classifier, version").map { try ModelVersion($0) }
        }
    }

    /// The active version of each classifier that has been trained or switched; the shipped one of all others.
    public func activeVersions() throws(ExperimentsError) -> [ClassifierName: Int] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT classifier, activeVersion FROM servedModels WHERE activeVersion IS NOT NULL")
                .reduce(into: [:]) { active, row in
                    guard let classifier = ClassifierName(rawValue: row["classifier"]) else { return }
                    active[classifier] = row["activeVersion"]
                }
        }
    }

    /// The number that the next version of a classifier gets. One experiment at a time makes versions.
    func nextVersion(of classifier: ClassifierName) throws(ExperimentsError) -> Int {
        try read { db in
            let last = try Int.fetchOne(
                db, sql: "SELECT lastVersion FROM servedModels WHERE classifier = ?", arguments: [classifier.rawValue])
            return (last ?? ModelVersion.shipped) + 1
        }
    }

    /// Keeps a version that an experiment has made, and puts it into service where it is promoted.
    static func keep(_ version: NewVersion, of id: ExperimentID, at time: Timestamp, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO modelVersions (classifier, version, experiment, provenance, created) VALUES (?, ?, ?, ?, ?)",
            arguments: [
                version.classifier.rawValue, version.version, id.description, try StoredJSON.text(of: version.provenance),
                time.milliseconds,
            ])
        try db.execute(
            sql: """
                INSERT INTO servedModels (classifier, lastVersion) VALUES (?1, ?2)
                ON CONFLICT (classifier) DO UPDATE SET lastVersion = ?2
                """, arguments: [version.classifier.rawValue, version.version])
        if let promotion = version.promotion {
            try activate(version.classifier, version.version, reason: promotion, at: time, db)
        }
    }

    /// Makes a version the active one, and writes down that it was done.
    ///
    /// - Parameters:
    ///   - version: shipped, or trained and kept.
    ///   - reason: who or what wanted it.
    func activate(_ version: ModelVersion, reason: String) throws(ExperimentsError) {
        let time = clock()
        try write { db in try ExperimentStore.activate(version.classifier, version.number, reason: reason, at: time, db) }
    }

    /// Takes a classifier out of service, and writes down that it was done.
    func withdraw(_ classifier: ClassifierName, reason: String) throws(ExperimentsError) {
        let time = clock()
        try write { db in try ExperimentStore.activate(classifier, nil, reason: reason, at: time, db) }
    }

    /// The audit: every change of an active version, the newest first.
    public func activations(limit: Int) throws(ExperimentsError) -> [Activation] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM activations ORDER BY number DESC LIMIT ?", arguments: [limit]).map { row in
                Activation(
                    classifier: ClassifierName(rawValue: row["classifier"]), version: row["version"],
                    previousVersion: row["previousVersion"], reason: row["reason"], time: Timestamp(milliseconds: row["time"]))
            }
        }
    }

    private static func activate(
        _ classifier: ClassifierName, _ version: Int?, reason: String, at time: Timestamp, _ db: Database
    ) throws {
        let previous = try Int.fetchOne(
            db, sql: "SELECT activeVersion FROM servedModels WHERE classifier = ?", arguments: [classifier.rawValue])
        try db.execute(
            sql: """
                INSERT INTO servedModels (classifier, lastVersion, activeVersion) VALUES (?1, ?3, ?2)
                ON CONFLICT (classifier) DO UPDATE SET activeVersion = ?2
                """, arguments: [classifier.rawValue, version, ModelVersion.shipped])
        try db.execute(
            sql: "INSERT INTO activations (classifier, version, previousVersion, reason, time) VALUES (?, ?, ?, ?, ?)",
            arguments: [classifier.rawValue, version, previous, reason, time.milliseconds])
    }

    /// Versions past the limit of each classifier, the oldest first, the active one never.
    func dropOldVersions(_ db: Database) throws -> [ModelVersion] {
        var dropped: [ModelVersion] = []
        for classifier in ClassifierName.allCases {
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM modelVersions WHERE classifier = ?1
                        AND version IS NOT (SELECT activeVersion FROM servedModels WHERE classifier = ?1)
                    ORDER BY version DESC LIMIT -1 OFFSET ?2
                    """, arguments: [classifier.rawValue, limits.modelVersionCount])
            dropped += try rows.map { try ModelVersion($0) }
        }
        for version in dropped {
            try db.execute(
                sql: "DELETE FROM modelVersions WHERE classifier = ? AND version = ?",
                arguments: [version.classifier.rawValue, version.number])
        }
        return dropped
    }
}

/// One change of the model in service.
public struct Activation: Hashable, Sendable {
    /// Nil for a classifier that this digitd does not know.
    public let classifier: ClassifierName?
    /// `ModelVersion.shipped` for the one that digitd brings along; nil where it was taken out of service.
    public let version: Int?
    /// Nil where nothing but the shipped model, or none, served before.
    public let previousVersion: Int?
    /// Who or what wanted it.
    public let reason: String
    public let time: Timestamp
}

extension ModelVersion {
    fileprivate init(_ row: Row) throws {
        let name: String = try row.decode(forColumn: "classifier")
        let id: String = try row.decode(forColumn: "experiment")
        guard let classifier = ClassifierName(rawValue: name), let experiment = ExperimentID(id) else {
            throw ExperimentsError.databaseFailed(reason: "a model version of '\(name)' from '\(id)'")
        }
        let created = Timestamp(milliseconds: try row.decode(forColumn: "created"))
        self.init(
            classifier: classifier, number: try row.decode(forColumn: "version"),
            origin: Origin(experiment: experiment.description, created: created.date))
    }
}
