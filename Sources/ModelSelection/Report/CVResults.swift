import Classifiers

/// The columns of a search report: scikit-learn's `cv_results_`, and `classifier`.
///
/// The columns `param_…` hold each hyperparameter that some grid names, null where a candidate's grid does not; `split0_test_score` and
/// on hold each fold's accuracy. Times are seconds a fold; time shared by several candidates counts as an equal part for each.
public struct CVResults: Codable, Sendable {
    public let classifier: [ClassifierName]
    public let params: [ParameterValues]
    public let meanTestScore: [Double?]
    public let stdTestScore: [Double?]
    public let rankTestScore: [Int?]
    public let meanFitTime: [Double?]
    public let stdFitTime: [Double?]
    public let meanScoreTime: [Double?]
    public let stdScoreTime: [Double?]
    /// Column a fold: accuracies in the order of candidates.
    public let splitTestScore: [[Double?]]

    public init(_ result: SearchResult) {
        let rows = result.search.space.rows
        classifier = rows.map(\.candidate.classifier)
        params = rows.map(\.params)
        meanTestScore = result.candidates.map(\.meanAccuracy)
        stdTestScore = result.candidates.map(\.standardDeviation)
        rankTestScore = result.ranks
        let fitTimes = result.candidates.map { $0.successes.map { $0?.fitSeconds } }
        let scoreTimes = result.candidates.map { $0.successes.map { $0?.scoreSeconds } }
        meanFitTime = fitTimes.map(CandidateResult.mean)
        stdFitTime = fitTimes.map(CandidateResult.standardDeviation)
        meanScoreTime = scoreTimes.map(CandidateResult.mean)
        stdScoreTime = scoreTimes.map(CandidateResult.standardDeviation)
        let accuracies = result.candidates.map(\.accuracies)
        splitTestScore = (0..<result.search.folds.foldCount).map { fold in accuracies.map { $0[fold] } }
    }

    /// A column's name: fixed ones as scikit-learn spells them, `param_NAME` and `splitN_test_score` made.
    private struct Column: CodingKey, Hashable {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }

        static func split(_ fold: Int) -> Column { Column("split\(fold)_test_score") }
    }

    public func encode(to encoder: any Encoder) throws {
        var columns = encoder.container(keyedBy: Column.self)
        try columns.encode(classifier, forKey: Column("classifier"))
        try columns.encode(params, forKey: Column("params"))
        for name in Set(params.flatMap(\.names)) {
            try columns.encode(params.map { $0[name] ?? .null }, forKey: Column("param_" + name))
        }
        try columns.encode(meanTestScore, forKey: Column("mean_test_score"))
        try columns.encode(stdTestScore, forKey: Column("std_test_score"))
        try columns.encode(rankTestScore, forKey: Column("rank_test_score"))
        try columns.encode(meanFitTime, forKey: Column("mean_fit_time"))
        try columns.encode(stdFitTime, forKey: Column("std_fit_time"))
        try columns.encode(meanScoreTime, forKey: Column("mean_score_time"))
        try columns.encode(stdScoreTime, forKey: Column("std_score_time"))
        for (fold, column) in splitTestScore.enumerated() {
            try columns.encode(column, forKey: .split(fold))
        }
    }

    public init(from decoder: any Decoder) throws {
        let columns = try decoder.container(keyedBy: Column.self)
        classifier = try columns.decode([ClassifierName].self, forKey: Column("classifier"))
        params = try columns.decode([ParameterValues].self, forKey: Column("params"))
        meanTestScore = try columns.decode([Double?].self, forKey: Column("mean_test_score"))
        stdTestScore = try columns.decode([Double?].self, forKey: Column("std_test_score"))
        rankTestScore = try columns.decode([Int?].self, forKey: Column("rank_test_score"))
        meanFitTime = try columns.decode([Double?].self, forKey: Column("mean_fit_time"))
        stdFitTime = try columns.decode([Double?].self, forKey: Column("std_fit_time"))
        meanScoreTime = try columns.decode([Double?].self, forKey: Column("mean_score_time"))
        stdScoreTime = try columns.decode([Double?].self, forKey: Column("std_score_time"))
        var splits: [[Double?]] = []
        while columns.contains(.split(splits.count)) {
            splits.append(try columns.decode([Double?].self, forKey: .split(splits.count)))
        }
        splitTestScore = splits
    }
}
