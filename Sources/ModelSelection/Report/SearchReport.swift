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
    /// From the first trial to the last that this run of the search did, in seconds.
    public let wallSeconds: Double
    /// Trials that earlier runs had finished, taken from the journal or the database. In the report of a command they are not in
    /// `wallSeconds`, which in that of an experiment has all its runs.
    public let resumedTrials: Int
    /// What the times in `cv_results` mean, in words.
    public let timing: String
    /// The best candidate of each classifier, best classifier first.
    public let best: [Best]
    /// The two best classifiers compared; nil where fewer than two succeeded.
    public let comparison: ClassifierComparison?
    /// The best candidates on folds of consecutive rows, where that was asked for.
    public let blocks: BlocksReport?
    /// The rounds of successive halving; nil in a search that tries every candidate on all rows. Candidates that an early round dropped are
    /// null in `cv_results`.
    public let rounds: [HalvingRound]?
    /// Where the time went, where that was asked for.
    public let profile: SearchProfile?
    public let cvResults: CVResults
    public let errors: [Failure]
    /// Candidates whose training a limit ended before it had converged; nil where there are none. Their scores count as they are.
    public let unconverged: [Unconverged]?

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
        public let kind: Kind
        public let count: Int
        /// Rows held out in each fold.
        public let testRows: [Int]

        public enum Kind: String, Codable, Sendable {
            /// The same share of every digit in each fold, rows drawn with the seed.
            case stratified
            /// Consecutive rows.
            case blocks
            /// A fold a row.
            case leaveOneOut = "leave-one-out"
            /// Given: read from a file, or from a request.
            case file
        }

        public init(_ folds: FoldAssignment, kind: Kind) {
            self.kind = kind
            count = folds.foldCount
            testRows = (0..<folds.foldCount).map { folds.testRowCount(fold: $0) }
        }
    }

    public struct Best: Codable, Sendable {
        public let classifier: ClassifierName
        /// Row of `cv_results`.
        public let index: Int
        public let params: ParameterValues
        public let meanTestScore: Double
        public let stdTestScore: Double
        public let outOfFold: OutOfFoldReport?

        enum CodingKeys: String, CodingKey {
            case classifier, index, params
            case meanTestScore = "mean_test_score"
            case stdTestScore = "std_test_score"
            case outOfFold = "out_of_fold"
        }

        init(_ result: CandidateResult, in search: GridSearch, index: Int) {
            let row = search.space.rows[result.candidate]
            classifier = row.candidate.classifier
            self.index = index
            params = row.params
            meanTestScore = result.meanAccuracy ?? 0
            stdTestScore = result.standardDeviation ?? 0
            outOfFold = OutOfFoldReport(result, in: search)
        }
    }

    public struct Failure: Codable, Hashable, Sendable {
        /// Row of `cv_results`.
        public let index: Int
        public let fold: Int
        public let reason: String
    }

    public struct Unconverged: Codable, Hashable, Sendable {
        /// Row of `cv_results`.
        public let index: Int
        /// In which it did not converge, ascending; one or more.
        public let folds: [Int]

        /// Nil for a candidate that converged wherever it succeeded.
        init?(_ candidate: CandidateResult) {
            folds = candidate.successes.enumerated().filter { $0.element?.hasConverged == false }.map(\.offset)
            if folds.isEmpty { return nil }
            index = candidate.candidate
        }
    }

    enum CodingKeys: String, CodingKey {
        case format, formatVersion, digitdVersion, complete, dataset, seed, folds, jobs, timing, best, comparison, blocks, rounds, profile,
            errors, unconverged
        case wallSeconds = "wall_seconds"
        case resumedTrials = "resumed_trials"
        case cvResults = "cv_results"
    }

    /// - Parameters:
    ///   - folding: how rows were assigned to folds.
    ///   - resumedTrialCount: trials that an earlier run had finished.
    ///   - rounds: those of successive halving.
    ///   - complete: whether all has run that was to run; nil where every candidate was.
    public init(
        _ result: SearchResult, folding: Folds.Kind, jobCount: Int, wallSeconds: Double, resumedTrialCount: Int = 0,
        blocks: BlocksReport? = nil, profile: SearchProfile? = nil, rounds: [HalvingRound]? = nil, complete: Bool? = nil
    ) {
        let search = result.search
        let bestCandidates = result.bestOfEachClassifier
        format = SearchReport.format
        formatVersion = SearchReport.formatVersion
        digitdVersion = DigitdVersion.current
        self.complete = complete ?? result.candidates.allSatisfy { $0.trials.allSatisfy { $0 != nil } }
        dataset = Dataset(search.dataset)
        seed = search.seed
        folds = Folds(search.folds, kind: folding)
        jobs = jobCount
        self.wallSeconds = wallSeconds
        resumedTrials = resumedTrialCount
        timing = SearchReport.timingInWords
        best = bestCandidates.map { Best($0, in: search, index: $0.candidate) }
        comparison = ClassifierComparison(bestCandidates, in: search)
        self.blocks = blocks
        self.rounds = rounds
        self.profile = profile
        cvResults = CVResults(result)
        let unconverged = result.candidates.compactMap(Unconverged.init)
        self.unconverged = unconverged.isEmpty ? nil : unconverged
        errors = result.candidates.flatMap { candidate in
            candidate.trials.compactMap { trial in
                guard case .failed(let reason)? = trial?.outcome else { return nil }
                return Failure(index: candidate.candidate, fold: trial?.fold ?? 0, reason: reason)
            }
        }
    }

    /// How shared time is attributed; also for the help of the command line.
    public static let timingInWords = """
        Seconds of the wall clock a fold, one job at work on it. Candidates that share work (one kernel matrix, the trees of one forest) \
        are evaluated together, and the time they share counts as an equal part for each: a candidate's mean_fit_time is its part, not what \
        fitting it alone would take, and the sum over all candidates and folds is the time that was spent.
        """
}
