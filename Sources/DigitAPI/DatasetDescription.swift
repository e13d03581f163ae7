import JSONText

/// A data set that experiments can be trained on: `GET /datasets/{name}`.
package struct DatasetDescription: Codable, Hashable, Sendable {
    package let name: String
    package let rows: Int
    package let sha256: String
    /// Rows of each digit, 0 to 9.
    package let digits: [Int]
    /// Of those, the rows of each digit that `POST /feedback` adds; null where the name does not end in `+feedback`.
    @ExplicitNull package private(set) var feedback: [Int]?
    /// Whether it comes with digitd.
    package let builtIn: Bool
    /// When it was uploaded, as RFC 3339 spells it; null for one that comes with digitd.
    @ExplicitNull package private(set) var created: String?
    /// What is wrong with its rows, of which no experiment can be made then; null where nothing is.
    @ExplicitNull package private(set) var fault: String?

    package init(
        name: String, rows: Int, sha256: String, digits: [Int], feedback: [Int]?, builtIn: Bool, created: String?, fault: String? = nil
    ) {
        self.name = name
        self.rows = rows
        self.sha256 = sha256
        self.digits = digits
        self.builtIn = builtIn
        self.created = created
        self.feedback = feedback
        self.fault = fault
    }
}

/// `GET /datasets`.
package struct DatasetList: Codable, Hashable, Sendable {
    package let datasets: [DatasetDescription]

    package init(datasets: [DatasetDescription]) {
        self.datasets = datasets
    }
}

/// A bitmap with its true digit, as somebody gave it.
package struct FeedbackDescription: Codable, Hashable, Sendable {
    package let id: Int
    /// 64 hexadecimal digits.
    package let bitmap: String
    /// 0...9.
    package let digit: Int
    /// RFC 3339, UTC.
    package let time: String

    package init(id: Int, bitmap: String, digit: Int, time: String) {
        self.id = id
        self.bitmap = bitmap
        self.digit = digit
        self.time = time
    }
}

/// A page of `GET /feedback`, newest first.
package struct FeedbackList: Codable, Hashable, Sendable {
    package let feedback: [FeedbackDescription]
    /// The next page's path and query; null on the last page.
    @ExplicitNull package private(set) var next: String?

    package init(feedback: [FeedbackDescription], next: String?) {
        self.feedback = feedback
        self.next = next
    }
}

/// What `POST /feedback` answers.
package struct FeedbackAnswer: Codable, Hashable, Sendable {
    /// Digits that this request brought.
    package let accepted: Int
    /// Digits that are kept now.
    package let total: Int

    package init(accepted: Int, total: Int) {
        self.accepted = accepted
        self.total = total
    }
}
