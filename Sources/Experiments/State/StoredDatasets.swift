import Digits
import Foundation
import GRDB

/// A data set that was uploaded.
public struct StoredDataset: Hashable, Sendable {
    public let name: DatasetName
    /// Of the rows, as `DigitDataset.sha256`; also the name of its file.
    public let sha256: String
    /// Rows of each digit, 0 to 9.
    public let digitCounts: [Int]
    public let created: Timestamp
}

/// A bitmap with its true digit, as somebody gave it.
public struct CorrectedDigit: Hashable, Sendable {
    /// From 1, never used twice.
    public let id: Int
    public let bitmap: Bitmap
    /// 0...9.
    public let digit: Int
    public let time: Timestamp
}

/// A page of corrected digits.
public struct FeedbackPage: Sendable {
    /// Newest first.
    public let digits: [CorrectedDigit]
    /// Of the last digit given; nil where there are no older ones.
    public let next: Int?
}

/// Uploaded data sets and corrected digits.
extension ExperimentStore {
    /// All of them, by name.
    func datasets() throws(ExperimentsError) -> [StoredDataset] {
        try read { db in try Row.fetchAll(db, sql: "SELECT * FROM datasets ORDER BY name").map { try StoredDataset($0) } }
    }

    func dataset(_ name: DatasetName) throws(ExperimentsError) -> StoredDataset? {
        try read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM datasets WHERE name = ?", arguments: [name.description]).map { try StoredDataset($0) }
        }
    }

    /// Gives rows, whose file is written, a name; the rows that had it before lose it.
    ///
    /// - Returns: whether the name is new.
    func name(_ dataset: DigitDataset, _ name: DatasetName) throws(ExperimentsError) -> Bool {
        let time = clock()
        return try write { db in
            let isNew = try Row.fetchOne(db, sql: "SELECT 1 FROM datasets WHERE name = ?", arguments: [name.description]) == nil
            try db.execute(
                sql: "INSERT OR REPLACE INTO datasets (name, sha256, digitCounts, created) VALUES (?, ?, ?, ?)",
                arguments: [name.description, dataset.sha256, try StoredJSON.text(of: dataset.digitCounts), time.milliseconds])
            return isNew
        }
    }

    /// Takes the name from rows. Experiments that are queued keep those that they were made with.
    ///
    /// - Returns: whether there was such a data set.
    func removeDataset(_ name: DatasetName) throws(ExperimentsError) -> Bool {
        try write { db in
            try db.execute(sql: "DELETE FROM datasets WHERE name = ?", arguments: [name.description])
            return db.changesCount > 0
        }
    }

    /// Keeps corrected digits, all or none.
    ///
    /// - Parameters:
    ///   - digits: bitmaps with their true digits, 0...9.
    ///   - replacesOthers: whether they take the place of other digits that were given for the same bitmaps.
    /// - Returns: how many there are now.
    /// - Throws: `ExperimentsError.feedbackFull`, and `.contradictoryFeedback` where a bitmap has another digit already.
    func addFeedback(
        _ digits: [(bitmap: Bitmap, digit: UInt8)], replacesOthers: Bool
    ) throws(ExperimentsError) -> Int {
        let time = clock()
        return try write { db in
            let insertion = try db.cachedStatement(sql: "INSERT INTO feedback (bitmap, digit, time) VALUES (?, ?, ?)")
            let contradiction = try db.cachedStatement(
                sql: "SELECT number, digit FROM feedback WHERE bitmap = ? AND digit <> ? ORDER BY number LIMIT 1")
            let removal = try db.cachedStatement(sql: "DELETE FROM feedback WHERE bitmap = ? AND digit <> ?")
            for (bitmap, digit) in digits {
                let bytes = packed(bitmap)
                if replacesOthers {
                    try removal.execute(arguments: [bytes, Int(digit)])
                } else if let row = try Row.fetchOne(contradiction, arguments: [bytes, Int(digit)]) {
                    throw ExperimentsError.contradictoryFeedback(
                        id: row["number"], bitmap: bitmap.hexadecimal, digit: row["digit"], newDigit: Int(digit))
                }
                try insertion.execute(arguments: [bytes, Int(digit), time.milliseconds])
            }
            let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM feedback") ?? 0
            guard count <= limits.feedbackCount else { throw ExperimentsError.feedbackFull(limit: limits.feedbackCount) }
            return count
        }
    }

    /// Corrected digits, newest first.
    ///
    /// - Parameters:
    ///   - id: only older ones than that; nil for the newest.
    ///   - limit: 1 or more.
    func feedback(before id: Int?, limit: Int) throws(ExperimentsError) -> FeedbackPage {
        try read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM feedback WHERE ?1 IS NULL OR number < ?1 ORDER BY number DESC LIMIT ?2", arguments: [id, limit + 1])
            let digits = try rows.prefix(limit).map { row in
                let packed: Data = try row.decode(forColumn: "bitmap")
                return CorrectedDigit(
                    id: try row.decode(forColumn: "number"), bitmap: Bitmap(packed: [UInt8](packed).span.bytes, at: 0),
                    digit: try row.decode(forColumn: "digit"), time: Timestamp(milliseconds: try row.decode(forColumn: "time")))
            }
            return FeedbackPage(digits: digits, next: rows.count > limit ? digits.last?.id : nil)
        }
    }

    /// - Throws: `ExperimentsError.unknownFeedback`.
    func removeFeedback(_ id: Int) throws(ExperimentsError) {
        try write { db in
            try db.execute(sql: "DELETE FROM feedback WHERE number = ?", arguments: [id])
            guard db.changesCount > 0 else { throw ExperimentsError.unknownFeedback("\(id)") }
        }
    }

    /// All corrected digits, in the order in which they came in.
    func feedback() throws(ExperimentsError) -> (bitmaps: [Bitmap], digits: [UInt8]) {
        try read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT bitmap, digit FROM feedback ORDER BY number")
            var bitmaps: [Bitmap] = []
            var digits: [UInt8] = []
            for row in rows {
                let packed: Data = try row.decode(forColumn: "bitmap")
                bitmaps.append(Bitmap(packed: [UInt8](packed).span.bytes, at: 0))
                digits.append(UInt8(try row.decode(Int.self, forColumn: "digit")))
            }
            return (bitmaps, digits)
        }
    }
}

private func packed(_ bitmap: Bitmap) -> Data {
    var bytes: [UInt8] = []
    bitmap.appendPacked(to: &bytes)
    return Data(bytes)
}

extension StoredDataset {
    fileprivate init(_ row: Row) throws {
        let text: String = try row.decode(forColumn: "name")
        guard let name = DatasetName(text) else { throw ExperimentsError.databaseFailed(reason: "a data set named '\(text)'") }
        self.name = name
        sha256 = try row.decode(forColumn: "sha256")
        digitCounts = try StoredJSON.value([Int].self, of: try row.decode(forColumn: "digitCounts"))
        created = Timestamp(milliseconds: try row.decode(forColumn: "created"))
    }
}
