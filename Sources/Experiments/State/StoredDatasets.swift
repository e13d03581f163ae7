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

    /// Keeps corrected digits, all or none.
    ///
    /// - Parameter digits: bitmaps with their true digits, 0...9.
    /// - Returns: how many there are now.
    /// - Throws: `ExperimentsError.feedbackFull`.
    func addFeedback(_ digits: [(bitmap: Bitmap, digit: UInt8)]) throws(ExperimentsError) -> Int {
        let time = clock()
        return try write { db in
            let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM feedback") ?? 0
            guard count + digits.count <= limits.feedbackCount else { throw ExperimentsError.feedbackFull(limit: limits.feedbackCount) }
            let statement = try db.cachedStatement(sql: "INSERT INTO feedback (bitmap, digit, time) VALUES (?, ?, ?)")
            for (bitmap, digit) in digits {
                try statement.execute(arguments: [packed(bitmap), Int(digit), time.milliseconds])
            }
            return count + digits.count
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
