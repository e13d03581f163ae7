import JSONText

/// A data set that experiments can be trained on: `GET /datasets/{name}`.
package struct DatasetDescription: Codable, Hashable, Sendable {
    package let name: String
    package let rows: Int
    package let sha256: String
    /// Rows of each digit, 0 to 9.
    package let digits: [Int]
    /// Whether it comes with digitd.
    package let builtIn: Bool
    /// When it was uploaded, as RFC 3339 spells it; null for one that comes with digitd.
    @ExplicitNull package private(set) var created: String?

    package init(name: String, rows: Int, sha256: String, digits: [Int], builtIn: Bool, created: String?) {
        self.name = name
        self.rows = rows
        self.sha256 = sha256
        self.digits = digits
        self.builtIn = builtIn
        self.created = created
    }
}

/// `GET /datasets`.
package struct DatasetList: Codable, Hashable, Sendable {
    package let datasets: [DatasetDescription]

    package init(datasets: [DatasetDescription]) {
        self.datasets = datasets
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
