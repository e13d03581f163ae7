import DigitAPI
import Foundation
import GRDB

/// The first answer to a request that came with a key.
struct IdempotencyRecord {
    /// So long a key is remembered.
    private static let lifetimeMilliseconds = 24 * 3600 * 1000

    let bodySHA256: String
    let experiment: ExperimentID
    let answer: [UInt8]

    static func find(_ key: IdempotencyKey, at time: Timestamp, _ db: Database) throws -> IdempotencyRecord? {
        let row = try Row.fetchOne(
            db, sql: "SELECT bodySHA256, experiment, answer FROM idempotencyKeys WHERE key = ? AND created >= ?",
            arguments: [key.key, time.milliseconds - lifetimeMilliseconds])
        guard let row, let experiment = ExperimentID(try row.decode(String.self, forColumn: "experiment")) else { return nil }
        let answer: Data = try row.decode(forColumn: "answer")
        return IdempotencyRecord(
            bodySHA256: try row.decode(forColumn: "bodySHA256"), experiment: experiment, answer: [UInt8](answer))
    }

    static func keep(_ key: IdempotencyKey, of id: ExperimentID, answer: [UInt8], at time: Timestamp, _ db: Database) throws {
        try db.execute(
            sql: "DELETE FROM idempotencyKeys WHERE created < ?", arguments: [time.milliseconds - lifetimeMilliseconds])
        try db.execute(
            sql: "INSERT INTO idempotencyKeys (key, bodySHA256, experiment, answer, created) VALUES (?, ?, ?, ?, ?)",
            arguments: [key.key, key.bodySHA256, id.description, Data(answer), time.milliseconds])
    }
}
