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

    /// Why the active version of each classifier is: the reason of the change that made it so.
    func servingReasons() throws(ExperimentsError) -> [ClassifierName: String] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT toName, reason FROM modelChanges WHERE number IN (
                        SELECT max(number) FROM modelChanges WHERE action IN ('promoted', 'activated') GROUP BY toName)
                    """
            ).reduce(into: [:]) { reasons, row in
                guard let classifier = ClassifierName(rawValue: row["toName"]) else { return }
                reasons[classifier] = row["reason"]
            }
        }
    }

    /// Keeps a version that an experiment has made, and puts it into service where it is promoted.
    ///
    /// - Returns: the changes, as they are written down.
    static func keep(_ version: NewVersion, of id: ExperimentID, at time: Timestamp, _ db: Database) throws -> [ModelChange] {
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
        let stored = ModelChange(
            action: .stored, from: nil, to: ModelChange.Model(name: version.classifier, version: version.version),
            reason: "experiment \(id)", time: time)
        try write(stored, db)
        guard let promotion = version.promotion else { return [stored] }
        return [stored, try serve(.promoted, version.classifier, version.version, reason: promotion, at: time, db)]
    }

    /// Makes a version the active one, and writes down that it was done.
    ///
    /// - Parameters:
    ///   - version: shipped, or trained and kept.
    ///   - reason: who or what wanted it.
    func activate(_ version: ModelVersion, reason: String) throws(ExperimentsError) -> ModelChange {
        let time = clock()
        return try write { db in
            try ExperimentStore.serve(.activated, version.classifier, version.number, reason: reason, at: time, db)
        }
    }

    /// Takes a classifier out of service, and writes down that it was done.
    func withdraw(_ classifier: ClassifierName, reason: String) throws(ExperimentsError) -> ModelChange {
        let time = clock()
        return try write { db in try ExperimentStore.serve(.withdrawn, classifier, nil, reason: reason, at: time, db) }
    }

    private static func serve(
        _ action: ModelChange.Action, _ classifier: ClassifierName, _ version: Int?, reason: String, at time: Timestamp, _ db: Database
    ) throws -> ModelChange {
        let previous = try Int.fetchOne(
            db, sql: "SELECT activeVersion FROM servedModels WHERE classifier = ?", arguments: [classifier.rawValue])
        try db.execute(
            sql: """
                INSERT INTO servedModels (classifier, lastVersion, activeVersion) VALUES (?1, ?3, ?2)
                ON CONFLICT (classifier) DO UPDATE SET activeVersion = ?2
                """, arguments: [classifier.rawValue, version, ModelVersion.shipped])
        let change = ModelChange(
            action: action, from: previous.map { ModelChange.Model(name: classifier, version: $0) },
            to: version.map { ModelChange.Model(name: classifier, version: $0) }, reason: reason, time: time)
        try write(change, db)
        return change
    }

    // MARK: The default

    /// What answers where a request names no model; nil where nothing was ever chosen.
    func defaultChoice() throws(ExperimentsError) -> (classifier: ClassifierName, isPinned: Bool, reason: String)? {
        try read { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM defaultModel"),
                let classifier = ClassifierName(rawValue: row["classifier"])
            else { return nil }
            return (classifier, row["isPinned"], row["reason"])
        }
    }

    /// Remembers what answers where a request names no model, and writes down that it changed. What a setting has pinned is not pinned any
    /// more once the setting is gone.
    ///
    /// - Parameter reason: of the change; nil for that of the choice.
    func setDefault(
        _ choice: DefaultChoice, from previous: ModelChange.Model?, to model: ModelChange.Model, because reason: String? = nil
    ) throws(ExperimentsError) -> ModelChange {
        let change = ModelChange(action: .defaulted, from: previous, to: model, reason: reason ?? choice.reason, time: clock())
        return try write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO defaultModel (onlyRow, classifier, isPinned, reason) VALUES (1, ?, ?, ?)",
                arguments: [choice.classifier.rawValue, choice.isPinned && !choice.isPinnedBySetting, choice.reason])
            try ExperimentStore.write(change, db)
            return change
        }
    }

    // MARK: The audit

    /// Changes of models, newest first.
    ///
    /// - Parameters:
    ///   - number: only older ones than the change of that number; nil for the newest.
    ///   - limit: 1 or more.
    public func modelChanges(before number: Int?, limit: Int) throws(ExperimentsError) -> ModelChangePage {
        try read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM modelChanges WHERE ?1 IS NULL OR number < ?1 ORDER BY number DESC LIMIT ?2",
                arguments: [number, limit + 1])
            return ModelChangePage(
                changes: try rows.prefix(limit).map { try ModelChange($0) }, next: rows.count > limit ? rows[limit - 1]["number"] : nil)
        }
    }

    private static func write(_ change: ModelChange, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO modelChanges (action, fromName, fromVersion, toName, toVersion, reason, time) VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                change.action.rawValue, change.from?.name.rawValue, change.from?.version, change.to?.name.rawValue, change.to?.version,
                change.reason, change.time.milliseconds,
            ])
    }

    /// Versions past the limit of each classifier: the oldest first that have never served, then the oldest that have, the active one never.
    func dropOldVersions(_ db: Database) throws -> [ModelVersion] {
        var dropped: [ModelVersion] = []
        for classifier in ClassifierName.allCases {
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM modelVersions WHERE classifier = ?1
                        AND version IS NOT (SELECT activeVersion FROM servedModels WHERE classifier = ?1)
                    ORDER BY version IN (SELECT toVersion FROM modelChanges WHERE toName = ?1 AND action IN ('promoted', 'activated')) DESC,
                        version DESC
                    LIMIT -1 OFFSET ?2
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

extension ModelChange {
    fileprivate init(_ row: Row) throws {
        let text: String = try row.decode(forColumn: "action")
        guard let action = Action(rawValue: text) else {
            throw ExperimentsError.databaseFailed(reason: "a change of models '\(text)'")
        }
        func model(_ side: String) throws -> Model? {
            guard let name: String = try row.decode(forColumn: "\(side)Name"),
                let version: Int = try row.decode(forColumn: "\(side)Version")
            else { return nil }
            guard let classifier = ClassifierName(rawValue: name) else {
                throw ExperimentsError.databaseFailed(reason: "a change of a model '\(name)'")
            }
            return Model(name: classifier, version: version)
        }
        self.init(
            action: action, from: try model("from"), to: try model("to"), reason: try row.decode(forColumn: "reason"),
            time: Timestamp(milliseconds: try row.decode(forColumn: "time")))
    }
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
