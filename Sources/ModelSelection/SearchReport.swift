import Classifiers
import Digits

/// The record of a search: what was tried on what, and how it came out.
///
/// `cv_results` has scikit-learn's names and shapes, one list of equal length a column, so that `pandas.DataFrame(report["cv_results"])`
/// is a table of candidates; `classifier` is a column more. What failed or has not run is `null`, unranked, with its reason in `errors`.
public struct SearchReport: Codable, Sendable {
    public static let format = "digitd-report"
    public static let formatVersion = 1

    public let format: String
    public let formatVersion: Int
    public let digitdVersion: String
    /// Whether every trial has run, well or not.
    public let complete: Bool
    public let dataset: Dataset
    public let seed: UInt64
    public let folds: Folds
    /// Tasks that ran trials side by side.
    public let jobs: Int
    /// From the first trial to the last, in seconds.
    public let wallSeconds: Double
    /// The best candidate of each classifier, best classifier first.
    public let best: [Best]
    public let cvResults: CVResults
    public let errors: [Failure]

    public struct Dataset: Codable, Hashable, Sendable {
        public let name: String
        public let sha256: String
        public let rows: Int

        public init(_ dataset: DigitDataset) {
            name = dataset.name
            sha256 = dataset.sha256
            rows = dataset.count
        }
    }

    public struct Folds: Codable, Hashable, Sendable {
        public let count: Int
        /// Rows held out in each fold.
        public let testRows: [Int]
    }

    public struct Best: Codable, Sendable {
        public let classifier: ClassifierName
        /// Row of `cv_results`.
        public let index: Int
        public let params: ParameterValues
        public let meanTestScore: Double
        public let stdTestScore: Double

        enum CodingKeys: String, CodingKey {
            case classifier, index, params
            case meanTestScore = "mean_test_score"
            case stdTestScore = "std_test_score"
        }
    }

    public struct Failure: Codable, Hashable, Sendable {
        /// Row of `cv_results`.
        public let index: Int
        public let fold: Int
        public let reason: String
    }

    enum CodingKeys: String, CodingKey {
        case format, formatVersion, digitdVersion, complete, dataset, seed, folds, jobs, best, errors
        case wallSeconds = "wall_seconds"
        case cvResults = "cv_results"
    }

    public init(_ result: SearchResult, jobCount: Int, wallSeconds: Double) {
        let search = result.search
        format = SearchReport.format
        formatVersion = SearchReport.formatVersion
        digitdVersion = DigitdVersion.current
        complete = result.candidates.allSatisfy { $0.trials.allSatisfy { $0 != nil } }
        dataset = Dataset(search.dataset)
        seed = search.seed
        folds = Folds(
            count: search.folds.foldCount, testRows: (0..<search.folds.foldCount).map { search.folds.testRows(fold: $0).count })
        jobs = jobCount
        self.wallSeconds = wallSeconds
        best = result.classifiers
            .compactMap { result.best(of: $0) }
            .map { SearchReport.best($0, in: search) }
            .sorted { ($0.meanTestScore, -$0.index) > ($1.meanTestScore, -$1.index) }
        cvResults = CVResults(result)
        errors = result.candidates.flatMap { candidate in
            candidate.trials.compactMap { trial in
                guard case .failed(let reason)? = trial?.outcome else { return nil }
                return Failure(index: candidate.candidate, fold: trial?.fold ?? 0, reason: reason)
            }
        }
    }

    private static func best(_ result: CandidateResult, in search: GridSearch) -> Best {
        let row = search.space.rows[result.candidate]
        return Best(
            classifier: row.candidate.classifier, index: result.candidate, params: row.params,
            meanTestScore: result.meanAccuracy ?? 0, stdTestScore: result.standardDeviation ?? 0)
    }
}
