import DigitAPI
import HTTPServing
import JSONText

/// What a digitd server trains on, over HTTP: data sets, and digits that were corrected. Every call throws `HTTPClientError` and
/// `ServerProblem`.
package struct TrainingDataClient: Sendable {
    private let server: ServerAddress

    package init(server: ServerAddress) {
        self.server = server
    }

    package func datasets() throws -> [DatasetDescription] {
        let list: DatasetList = try server.answer(.get, "/datasets")
        return list.datasets
    }

    /// Stores rows under a name, in the place of others that had it.
    ///
    /// - Parameter rows: 33 bytes each, the packed bitmap and its label.
    package func upload(_ name: String, rows: [UInt8]) throws -> DatasetDescription {
        try server.answer(.put, "/datasets/\(name)", headers: ["Content-Type": "application/octet-stream"], body: rows)
    }

    package func deleteDataset(_ name: String) throws { try server.call(.delete, "/datasets/\(name)") }

    /// The newest corrected digits, at most `limit`, from as many pages as that takes.
    package func feedback(limit: Int) throws -> [FeedbackDescription] {
        try server.pages("/feedback", limit: limit) { (page: FeedbackList) in (page.feedback, page.next) }
    }

    /// Bitmaps with their true digits.
    package struct Correction: Encodable {
        /// 64 hexadecimal digits each.
        let bitmaps: [String]
        /// As many.
        let digits: [UInt8]
        /// Left out where it is false: whether bitmaps that have another digit get this one.
        let replace: Bool?

        package init(bitmaps: [String], digit: UInt8, replacing: Bool) {
            self.bitmaps = bitmaps
            digits = bitmaps.map { _ in digit }
            replace = replacing ? true : nil
        }
    }

    package func add(_ correction: Correction) throws -> FeedbackAnswer {
        try server.answer(.post, "/feedback", headers: ["Content-Type": "application/json"], body: JSONWriter.line(of: correction))
    }

    package func deleteFeedback(_ id: Int) throws { try server.call(.delete, "/feedback/\(id)") }
}
