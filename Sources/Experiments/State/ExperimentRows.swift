import GRDB

/// Experiments as rows of their table.
extension ExperimentStore {
    static func experiment(_ id: ExperimentID, _ db: Database) throws -> Experiment {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM experiments WHERE id = ?", arguments: [id.description]) else {
            throw ExperimentsError.unknownExperiment(id.description)
        }
        return try Experiment(row)
    }

    /// Changes an experiment's state, and tells those who watch.
    ///
    /// - Throws: `ExperimentsError.illegalTransition`; the one place where states change.
    static func move(
        _ id: ExperimentID, to next: ExperimentState, failure: String? = nil, at time: Timestamp, _ db: Database
    ) throws {
        let state = try experiment(id, db).state
        guard state.mayBecome(next) else { throw ExperimentsError.illegalTransition(id, from: state, to: next) }
        try db.execute(
            sql: """
                UPDATE experiments SET state = ?, failure = ?, revision = revision + 1,
                    started = CASE WHEN ? THEN coalesce(started, ?) ELSE started END,
                    finished = CASE WHEN ? THEN ? ELSE NULL END,
                    secondsLeft = NULL
                WHERE id = ?
                """,
            arguments: [
                next.rawValue, failure, next == .running, time.milliseconds, next.isFinished, time.milliseconds, id.description,
            ])
        try append(.state, try StoredJSON.text(of: EventData.StateChange(state: next, failure: failure)), to: id, at: time, db)
    }

    static func append(_ kind: ExperimentEvent.Kind, _ data: String, to id: ExperimentID, at time: Timestamp, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO events (experiment, number, kind, data, time)
                VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM events WHERE experiment = ?1), ?2, ?3, ?4)
                """
        ).execute(arguments: [id.description, kind.rawValue, data, time.milliseconds])
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
        do {
            request = try ExperimentRequest(stored: Array(requestText.utf8).span)
        } catch {
            throw ExperimentsError.databaseFailed(reason: "experiment \(id): \(error)")
        }
        dataset = Dataset(
            name: request.dataset.description, sha256: try row.decode(forColumn: "datasetSHA256"),
            rows: try row.decode(forColumn: "datasetRowCount"))
        revision = try row.decode(forColumn: "revision")
        created = Timestamp(milliseconds: try row.decode(forColumn: "created"))
        started = try row.decode(Int?.self, forColumn: "started").map { Timestamp(milliseconds: $0) }
        finished = try row.decode(Int?.self, forColumn: "finished").map { Timestamp(milliseconds: $0) }
        failure = try row.decode(forColumn: "failure")
        runSeconds = try row.decode(forColumn: "runSeconds")
        progress = try Progress(row)
        best = try BestCandidate(row)
        models = try StoredJSON.value([PromotionDecision].self, of: try row.decode(forColumn: "models"))
    }
}

extension Experiment.Progress {
    /// - Parameter row: the columns of an experiment's counts.
    init(_ row: Row) throws {
        candidateCount = try row.decode(forColumn: "candidateCount")
        trialCount = try row.decode(forColumn: "trialCount")
        finishedTrialCount = try row.decode(forColumn: "finishedTrialCount")
        failedTrialCount = try row.decode(forColumn: "failedTrialCount")
        secondsLeft = try row.decode(forColumn: "secondsLeft")
    }
}

extension Experiment.BestCandidate {
    /// Nil while an experiment has none.
    init?(_ row: Row) throws {
        guard let text: String = try row.decode(forColumn: "best") else { return nil }
        self = try StoredJSON.value(Experiment.BestCandidate.self, of: text)
    }
}
