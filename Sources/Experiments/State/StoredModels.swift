import Classifiers
import Foundation
import GRDB
import ModelFiles

/// A trained model that is kept, in service or not.
public struct ModelVersion: Hashable, Sendable {
    /// The number of the model that digitd brings along; trained ones have larger numbers, never used twice.
    public static let shipped = 1

    public let classifier: ClassifierName
    public let version: Int
    /// The experiment that chose it, which may have been deleted since; nil for the shipped one.
    public let experiment: ExperimentID?
    public let provenance: TrainingProvenance
    /// Nil for the shipped one.
    public let created: Timestamp?

    /// The version of a model that a folder of models holds.
    public init(shipped model: ServedModel) {
        classifier = model.name
        version = model.version
        experiment = nil
        provenance = model.training
        created = nil
    }
}

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

    /// Ends an experiment that has succeeded: its report, its model versions and which of them serve, all or nothing.
    ///
    /// - Returns: the files of versions that are kept no longer; they are removed.
    func succeed(
        _ id: ExperimentID, report: [UInt8], decisions: [PromotionDecision], versions: [NewVersion], runSeconds: Double
    ) throws(ExperimentsError) {
        let time = clock()
        let dropped = try write { db in
            try ExperimentStore.addRunSeconds(runSeconds, to: id, db)
            for version in versions {
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
                    try ExperimentStore.activate(version.classifier, version.version, reason: promotion, at: time, db)
                }
            }
            try ExperimentStore.keep(report, of: id, db)
            try db.execute(
                sql: "UPDATE experiments SET models = ? WHERE id = ?", arguments: [try StoredJSON.text(of: decisions), id.description])
            for decision in decisions {
                let notice = EventData.Notice(message: "\(decision.classifier.rawValue): \(decision.decision)")
                try ExperimentStore.append(.notice, try StoredJSON.text(of: notice), to: id, at: time, db)
            }
            try ExperimentStore.move(id, to: .succeeded, at: time, db)
            let dropped = try self.dropOldVersions(db)
            try self.dropOldExperiments(db)
            return dropped
        }
        for version in dropped { unlink(folder.modelPath(classifier: version.classifier, version: version.version)) }
    }

    /// Makes a version the active one, and writes down that it was done.
    ///
    /// - Parameter reason: who or what wanted it.
    /// - Throws: `ExperimentsError.unknownModelVersion` for a trained version that is not kept.
    func activate(_ classifier: ClassifierName, version: Int, reason: String) throws(ExperimentsError) {
        let time = clock()
        try write { db in
            if version != ModelVersion.shipped {
                let isKept = try Bool.fetchOne(
                    db, sql: "SELECT EXISTS (SELECT 1 FROM modelVersions WHERE classifier = ? AND version = ?)",
                    arguments: [classifier.rawValue, version])
                guard isKept == true else {
                    throw ExperimentsError.unknownModelVersion(classifier: classifier, version: "\(version)")
                }
            }
            try ExperimentStore.activate(classifier, version, reason: reason, at: time, db)
        }
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
    private func dropOldVersions(_ db: Database) throws -> [ModelVersion] {
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
                arguments: [version.classifier.rawValue, version.version])
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
        self.classifier = classifier
        self.experiment = experiment
        version = try row.decode(forColumn: "version")
        provenance = try StoredJSON.value(TrainingProvenance.self, of: try row.decode(forColumn: "provenance"))
        created = Timestamp(milliseconds: try row.decode(forColumn: "created"))
    }
}
