import DigitAPI
import Foundation
import GRDB
import ModelSelection

/// Experiments as the database has them: read, and never changed here.
extension ExperimentStore {
    /// - Throws: `ExperimentsError.unknownExperiment`, and as `read`.
    public func experiment(_ id: ExperimentID) throws(ExperimentsError) -> Experiment {
        try read { db in try ExperimentStore.experiment(id, db) }
    }

    /// The newest experiments, or those after the cursor.
    ///
    /// - Parameters:
    ///   - state: nil for all of them.
    ///   - limit: 1 or more.
    public func experiments(
        state: ExperimentState?, limit: Int, after cursor: ExperimentCursor?
    ) throws(ExperimentsError) -> ExperimentPage {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM experiments WHERE (?1 IS NULL OR state = ?1) AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3
                    """, arguments: [state?.rawValue, cursor?.description, limit + 1])
            let experiments = try rows.prefix(limit).map { try Experiment($0) }
            return ExperimentPage(
                experiments: experiments, next: rows.count > limit ? experiments.last.map { ExperimentCursor(after: $0.id) } : nil)
        }
    }

    static func experiment(_ id: ExperimentID, _ db: Database) throws -> Experiment {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM experiments WHERE id = ?", arguments: [id.description]) else {
            throw ExperimentsError.unknownExperiment(id.description)
        }
        return try Experiment(row)
    }

    /// The finished units of a round, in the order in which they finished.
    func units(of id: ExperimentID, round: Int) throws(ExperimentsError) -> [JournalUnit] {
        try read { db in
            let texts = try String.fetchAll(
                db, sql: "SELECT trials FROM units WHERE experiment = ? AND round = ? ORDER BY number", arguments: [id.description, round])
            return try texts.map { text throws(ExperimentsError) in try StoredJSON.value(JournalUnit.self, of: text) }
        }
    }

    /// Events after the one of that number, 0 for all of them, and whether none can follow the last one given.
    ///
    /// - Parameter limit: at most so many.
    public func events(
        of id: ExperimentID, after number: Int, limit: Int
    ) throws(ExperimentsError) -> (events: [ExperimentEvent], isEnd: Bool) {
        try read { db in
            let isFinished = try ExperimentStore.experiment(id, db).state.isFinished
            let rows = try Row.fetchAll(
                db, sql: "SELECT number, kind, data FROM events WHERE experiment = ? AND number > ? ORDER BY number LIMIT ?",
                arguments: [id.description, number, limit + 1])
            let events = try rows.prefix(limit).map { row in
                let kind: String = try row.decode(forColumn: "kind")
                guard let known = ExperimentUpdate.Kind(rawValue: kind) else {
                    throw ExperimentsError.databaseFailed(reason: "an event of kind '\(kind)'")
                }
                return ExperimentEvent(
                    number: try row.decode(forColumn: "number"), kind: known, data: try row.decode(forColumn: "data"))
            }
            return (events, isFinished && rows.count <= limit)
        }
    }

    /// The report of a finished experiment; nil where it has none yet.
    public func report(of id: ExperimentID) throws(ExperimentsError) -> [UInt8]? {
        try read { db in
            let document = try Data.fetchOne(
                db, sql: "SELECT document FROM reports WHERE experiment = ?", arguments: [id.description])
            return document.map { [UInt8]($0) }
        }
    }

    /// What came of a request with this key before; nil where none came within 24 hours. Asked before anything else is looked at: the answer
    /// stands even where the request would not be good any more.
    ///
    /// - Throws: `ExperimentsError.idempotencyKeyReused`.
    func earlierSubmission(_ key: IdempotencyKey) throws(ExperimentsError) -> Submission? {
        let time = clock()
        return try read { db in try ExperimentStore.earlierSubmission(key, at: time, db) }
    }

    static func earlierSubmission(_ key: IdempotencyKey, at time: Timestamp, _ db: Database) throws -> Submission? {
        guard let earlier = try IdempotencyRecord.find(key, at: time, db) else { return nil }
        guard earlier.bodySHA256 == key.bodySHA256 else { throw ExperimentsError.idempotencyKeyReused(key: key.key) }
        return .repeated(earlier.experiment, answer: earlier.answer)
    }
}

extension Experiment {
    init(_ row: Row) throws {
        let requestText: String = try row.decode(forColumn: "request")
        let idText: String = try row.decode(forColumn: "id")
        let stateText: String = try row.decode(forColumn: "state")
        guard let id = ExperimentID(idText), let state = ExperimentState(rawValue: stateText) else {
            throw ExperimentsError.databaseFailed(reason: "an experiment '\(idText)' that is '\(stateText)'")
        }
        self.id = id
        self.state = state
        do throws(ExperimentRequestError) {
            let request = try ExperimentRequest(json: Array(requestText.utf8).span)
            self.request = .success(request)
            requestDescription = request.wire
        } catch {
            request = .failure(error)
            requestDescription = (try? StoredJSON.value(NewExperiment.self, of: requestText)) ?? NewExperiment()
        }
        dataset = ExperimentDescription.Dataset(
            name: requestDescription.dataset ?? "", sha256: try row.decode(forColumn: "datasetSHA256"),
            rows: try row.decode(forColumn: "datasetRowCount"))
        revision = try row.decode(forColumn: "revision")
        created = Timestamp(milliseconds: try row.decode(forColumn: "created"))
        started = try row.decode(Int?.self, forColumn: "started").map { Timestamp(milliseconds: $0) }
        finished = try row.decode(Int?.self, forColumn: "finished").map { Timestamp(milliseconds: $0) }
        failure = try row.decode(forColumn: "failure")
        runSeconds = try row.decode(forColumn: "runSeconds")
        resumedTrialCount = try row.decode(forColumn: "resumedTrialCount")
        progress = try ExperimentProgress(row)
        best = try BestCandidate(row)
        // What another digitd knew of models and this one does not hides no experiment, nor those beside it.
        models = (try? StoredJSON.value([PromotionDecision].self, of: try row.decode(forColumn: "models"))) ?? []
    }
}

extension ExperimentProgress {
    /// - Parameter row: the columns of an experiment's counts.
    init(_ row: Row) throws {
        self.init(
            candidateCount: try row.decode(forColumn: "candidateCount"), trialCount: try row.decode(forColumn: "trialCount"),
            finishedTrialCount: try row.decode(forColumn: "finishedTrialCount"),
            failedTrialCount: try row.decode(forColumn: "failedTrialCount"), secondsLeft: try row.decode(forColumn: "secondsLeft"))
    }
}

extension BestCandidate {
    /// Nil while an experiment has none, and for one that this digitd does not know.
    init?(_ row: Row) throws {
        guard let text: String = try row.decode(forColumn: "best"), let best = try? StoredJSON.value(BestCandidate.self, of: text) else {
            return nil
        }
        self = best
    }
}
