import Classifiers

/// The columns of a search report: scikit-learn's `cv_results_`, and `classifier`.
///
/// The columns `param_…` hold each hyperparameter that some grid names, null where a candidate's grid does not; `split0_test_score` and
/// on hold each fold's accuracy. Times are seconds a fold; time shared by several candidates counts as an equal part for each.
public struct CVResults: Codable, Sendable {
    public let classifier: [ClassifierName]
    public let params: [ParameterValues]
    public let rankTestScore: [Int?]
    /// In the order of the comma-separated values.
    private let numberColumns: [NumberColumn]

    /// One column of numbers, in the order of candidates; nil where a trial failed or has not run.
    private struct NumberColumn: Sendable {
        let name: String
        let values: [Double?]
    }

    public init(_ result: SearchResult) {
        let search = result.search
        classifier = search.space.rows.map(\.candidate.classifier)
        params = search.space.rows.map(\.params)
        rankTestScore = result.ranks
        let metrics = FoldMetric.allCases.flatMap { metric in
            let values = result.values(of: metric)
            let splits = (0..<search.folds.foldCount).map { fold in
                NumberColumn(name: CVResults.splitName(metric, fold: fold), values: values.map { $0[fold] })
            }
            return CVResults.summary("test_\(metric.rawValue)", of: values) + splits
        }
        let successes = result.candidates.map(\.successes)
        numberColumns =
            metrics + CVResults.summary("fit_time", of: successes.map { $0.map { $0?.fitSeconds } })
            + CVResults.summary("score_time", of: successes.map { $0.map { $0?.scoreSeconds } })
    }

    /// The columns `mean_NAME` and `std_NAME` of numbers by candidate and fold.
    private static func summary(_ name: String, of values: [[Double?]]) -> [NumberColumn] {
        [
            NumberColumn(name: "mean_" + name, values: values.map(CandidateResult.mean)),
            NumberColumn(name: "std_" + name, values: values.map(CandidateResult.standardDeviation)),
        ]
    }

    private static func splitName(_ metric: FoldMetric, fold: Int) -> String { "split\(fold)_test_\(metric.rawValue)" }

    /// Mean accuracy of each candidate; nil where not every trial succeeded.
    public var meanTestScore: [Double?] { values { $0 == "mean_test_score" }[0] }

    /// Mean seconds of fitting on one fold; nil where not every trial succeeded.
    public var meanFitTime: [Double?] { values { $0 == "mean_fit_time" }[0] }

    /// Column a fold: accuracies in the order of candidates.
    public var splitTestScore: [[Double?]] { values { $0.hasPrefix("split") && $0.hasSuffix("_test_score") } }

    private func values(ofColumns isWanted: (String) -> Bool) -> [[Double?]] {
        numberColumns.filter { isWanted($0.name) }.map(\.values)
    }
}

extension CVResults {
    /// A column's name as a key: scikit-learn's fixed names, and those with the name of a hyperparameter or the number of a fold in them.
    private struct Key: CodingKey, Hashable {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    public func encode(to encoder: any Encoder) throws {
        var columns = encoder.container(keyedBy: Key.self)
        try columns.encode(classifier, forKey: Key("classifier"))
        try columns.encode(params, forKey: Key("params"))
        for name in parameterNames {
            try columns.encode(params.map { $0[name] ?? .null }, forKey: Key("param_" + name))
        }
        try columns.encode(rankTestScore, forKey: Key("rank_test_score"))
        for column in numberColumns { try columns.encode(column.values, forKey: Key(column.name)) }
    }

    /// Reads the columns of all metrics; those that an earlier version did not know may be missing.
    public init(from decoder: any Decoder) throws {
        let columns = try decoder.container(keyedBy: Key.self)
        classifier = try columns.decode([ClassifierName].self, forKey: Key("classifier"))
        params = try columns.decode([ParameterValues].self, forKey: Key("params"))
        rankTestScore = try columns.decode([Int?].self, forKey: Key("rank_test_score"))
        var names: [String] = []
        for metric in FoldMetric.allCases {
            let mean = "mean_test_\(metric.rawValue)"
            if metric != .accuracy, !columns.contains(Key(mean)) { continue }
            names += [mean, "std_test_\(metric.rawValue)"]
            var fold = 0
            while columns.contains(Key(CVResults.splitName(metric, fold: fold))) {
                names.append(CVResults.splitName(metric, fold: fold))
                fold += 1
            }
        }
        names += ["mean_fit_time", "std_fit_time", "mean_score_time", "std_score_time"]
        numberColumns = try names.map { NumberColumn(name: $0, values: try columns.decode([Double?].self, forKey: Key($0))) }
    }

    /// The hyperparameters that some grid names, in alphabetical order.
    private var parameterNames: [String] { Set(params.flatMap(\.names)).sorted() }
}

extension CVResults {
    /// Comma-separated values (RFC 4180): the header and a line a candidate, each ended by CR LF. Names are those of the JSON, and what is
    /// null there is empty.
    public func commaSeparated() -> String {
        var columns: [(name: String, value: (Int) -> String)] = [
            ("rank_test_score", { rankTestScore[$0].map { "\($0)" } ?? "" }),
            ("classifier", { classifier[$0].rawValue }),
        ]
        for name in parameterNames {
            columns.append(
                (
                    "param_" + name,
                    { row in
                        switch params[row][name] {
                        case nil, .null?: ""
                        case let value?: "\(value)"
                        }
                    }
                ))
        }
        for column in numberColumns { columns.append((column.name, { column.values[$0].map { "\($0)" } ?? "" })) }
        var lines = [columns.map(\.name)]
        for row in classifier.indices { lines.append(columns.map { CVResults.quoted($0.value(row)) }) }
        return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
    }

    private static func quoted(_ value: String) -> String {
        let mustBeQuoted = value.utf8.contains { ",\"\r\n".utf8.contains($0) }
        guard mustBeQuoted else { return value }
        return "\"" + value.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
