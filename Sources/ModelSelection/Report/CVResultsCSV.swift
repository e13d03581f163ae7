import Classifiers

/// The columns of a search report as comma-separated values (RFC 4180): a line a candidate, with the names that the JSON has.
extension CVResults {
    /// The header and a line a candidate, each ended by CR LF. What is null is empty.
    public func commaSeparated() -> String {
        let parameterNames = Set(params.flatMap(\.names)).sorted()
        func text(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }
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
        columns.append(("mean_test_score", { text(meanTestScore[$0]) }))
        columns.append(("std_test_score", { text(stdTestScore[$0]) }))
        for (fold, scores) in splitTestScore.enumerated() { columns.append(("split\(fold)_test_score", { text(scores[$0]) })) }
        columns.append(("mean_fit_time", { text(meanFitTime[$0]) }))
        columns.append(("std_fit_time", { text(stdFitTime[$0]) }))
        columns.append(("mean_score_time", { text(meanScoreTime[$0]) }))
        columns.append(("std_score_time", { text(stdScoreTime[$0]) }))
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
