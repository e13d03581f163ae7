import GRDB

/// The tables, as a list of migrations: what has been released is never edited, only added to.
///
/// Times are milliseconds since 1970. JSON stands where a value is read and written whole and never searched.
enum ExperimentSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.execute(sql: firstTables)
        }
        migrator.registerMigration("2") { db in
            try db.execute(sql: modelChanges)
        }
        migrator.registerMigration("resumed trials") { db in
            try db.execute(sql: resumedTrials)
        }
        return migrator
    }

    /// How many trials earlier runs of an experiment had finished when its last one began.
    private static let resumedTrials = "ALTER TABLE experiments ADD COLUMN resumedTrialCount INTEGER NOT NULL DEFAULT 0"

    /// The audit holds all changes of models and not activations alone; the default is remembered.
    private static let modelChanges = """
        CREATE TABLE modelChanges (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            action TEXT NOT NULL,
            fromName TEXT,
            fromVersion INTEGER,
            toName TEXT,
            toVersion INTEGER,
            reason TEXT NOT NULL,
            time INTEGER NOT NULL
        ) STRICT;
        INSERT INTO modelChanges (number, action, fromName, fromVersion, toName, toVersion, reason, time)
            SELECT number, CASE WHEN version IS NULL THEN 'withdrawn' WHEN reason LIKE 'experiment %' THEN 'promoted' ELSE 'activated' END,
                CASE WHEN previousVersion IS NOT NULL THEN classifier END, previousVersion,
                CASE WHEN version IS NOT NULL THEN classifier END, version, reason, time
            FROM activations ORDER BY number;
        DROP TABLE activations;

        CREATE INDEX feedbackByBitmap ON feedback (bitmap);

        -- What answers where a request names no model; no row where nothing was ever chosen.
        CREATE TABLE defaultModel (
            onlyRow INTEGER PRIMARY KEY CHECK (onlyRow = 1),
            classifier TEXT NOT NULL,
            isPinned INTEGER NOT NULL,
            reason TEXT NOT NULL
        ) STRICT;
        """

    private static let firstTables = """
        CREATE TABLE experiments (
            id TEXT PRIMARY KEY,
            state TEXT NOT NULL,
            priority INTEGER NOT NULL,
            request TEXT NOT NULL,
            datasetSHA256 TEXT NOT NULL,
            datasetRowCount INTEGER NOT NULL,
            digitdVersion TEXT NOT NULL,
            revision INTEGER NOT NULL DEFAULT 1,
            created INTEGER NOT NULL,
            started INTEGER,
            finished INTEGER,
            failure TEXT,
            runSeconds REAL NOT NULL DEFAULT 0,
            candidateCount INTEGER NOT NULL,
            trialCount INTEGER NOT NULL,
            finishedTrialCount INTEGER NOT NULL DEFAULT 0,
            failedTrialCount INTEGER NOT NULL DEFAULT 0,
            secondsLeft REAL,
            best TEXT,
            models TEXT NOT NULL DEFAULT '[]'
        ) STRICT;
        CREATE INDEX experimentsByTurn ON experiments (state, priority DESC, id);

        -- What finished units came to, of experiments that are not finished or that can be tried again; else the report takes their place.
        CREATE TABLE units (
            number INTEGER PRIMARY KEY,
            experiment TEXT NOT NULL REFERENCES experiments ON DELETE CASCADE,
            round INTEGER NOT NULL,
            trials TEXT NOT NULL
        ) STRICT;
        CREATE INDEX unitsByRound ON units (experiment, round, number);

        CREATE TABLE events (
            experiment TEXT NOT NULL REFERENCES experiments ON DELETE CASCADE,
            number INTEGER NOT NULL,
            kind TEXT NOT NULL,
            data TEXT NOT NULL,
            time INTEGER NOT NULL,
            PRIMARY KEY (experiment, number)
        ) STRICT, WITHOUT ROWID;

        -- A report outlives its experiment as long as a model version came of it.
        CREATE TABLE reports (
            experiment TEXT PRIMARY KEY,
            document BLOB NOT NULL
        ) STRICT;

        CREATE TABLE idempotencyKeys (
            key TEXT PRIMARY KEY,
            bodySHA256 TEXT NOT NULL,
            experiment TEXT NOT NULL,
            answer BLOB NOT NULL,
            created INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE modelVersions (
            classifier TEXT NOT NULL,
            version INTEGER NOT NULL,
            experiment TEXT NOT NULL,
            provenance TEXT NOT NULL,
            created INTEGER NOT NULL,
            PRIMARY KEY (classifier, version)
        ) STRICT;

        CREATE TABLE servedModels (
            classifier TEXT PRIMARY KEY,
            lastVersion INTEGER NOT NULL,
            -- Null where no version of it serves.
            activeVersion INTEGER
        ) STRICT;

        CREATE TABLE activations (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            classifier TEXT NOT NULL,
            -- Null where it was taken out of service.
            version INTEGER,
            previousVersion INTEGER,
            reason TEXT NOT NULL,
            time INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE datasets (
            name TEXT PRIMARY KEY,
            sha256 TEXT NOT NULL,
            digitCounts TEXT NOT NULL,
            created INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE feedback (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            bitmap BLOB NOT NULL CHECK (length(bitmap) = 32),
            digit INTEGER NOT NULL CHECK (digit BETWEEN 0 AND 9),
            time INTEGER NOT NULL
        ) STRICT;
        """
}
