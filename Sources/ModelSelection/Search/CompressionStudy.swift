import Classifiers
import Digits

/// How much of the digits is left where only a share of their variance is kept: components, reconstruction error, and the accuracy of the
/// best support vector machine on what remains, cross-validated with the components found anew in every fold.
public struct CompressionStudy: Sendable {
    /// The measurements at one share.
    public struct Level: Codable, Sendable {
        /// The share that was asked for, above 0 and up to 1.
        public let varianceShare: Double
        /// Components of all rows that explain it.
        public let components: Int
        /// Pixels over components: how many numbers a digit was and is.
        public let compressionRatio: Double
        /// Mean squared error of a pixel, of all rows.
        public let reconstructionError: Double
        /// The best machine's.
        public let C: Double
        /// The best machine's.
        public let gamma: Double
        /// Mean of the folds' accuracies, 0...1.
        public let meanTestScore: Double
        /// Standard deviation over the folds.
        public let stdTestScore: Double

        enum CodingKeys: String, CodingKey {
            case varianceShare = "variance_share"
            case components
            case compressionRatio = "compression_ratio"
            case reconstructionError = "reconstruction_error"
            case C, gamma
            case meanTestScore = "mean_test_score"
            case stdTestScore = "std_test_score"
        }
    }

    /// The study's values of C and gamma for its rbf kernel.
    public static let costs: [Double] = [0.1, 1, 10, 100]
    public static let gammas: [Double] = [1.0 / Double(Bitmap.pixelCount), 0.03, 0.003]

    public let dataset: DigitDataset
    public let folds: FoldAssignment
    private let reductions: [PrincipalComponentsParameters]

    /// - Parameter varianceShares: each above 0 and up to 1.
    /// - Throws: `TrainingError.invalidParameter` for another share; `SearchError.foldRowCount` for folds of another number of rows.
    public init(dataset: DigitDataset, folds: FoldAssignment, varianceShares: [Double]) throws {
        guard folds.foldOfRow.count == dataset.count else {
            throw SearchError.foldRowCount(found: folds.foldOfRow.count, expected: dataset.count)
        }
        self.dataset = dataset
        self.folds = folds
        reductions = try varianceShares.map { try PrincipalComponentsParameters(.varianceShare($0)) }
    }

    /// Levels times folds: what `run` does one by one.
    public var unitCount: Int { reductions.count * folds.foldCount }

    /// Measures every share, on `jobCount` tasks.
    ///
    /// - Parameter onFinishedUnit: called by the current task for each unit.
    /// - Returns: a level a share, in their order; they do not depend on the number of tasks.
    /// - Throws: `TrainingError`; `SearchError.cancelled`.
    public func run(jobCount: Int, onFinishedUnit: () -> Void = {}) async throws -> [Level] {
        let rightCounts = try await rightCounts(jobCount: jobCount, onFinishedUnit: onFinishedUnit)
        let rowCounts = (0..<folds.foldCount).map { folds.testRowCount(fold: $0) }
        return try zip(reductions, rightCounts).map { reduction, ofCandidates in
            let components = try reduction.fit(dataset, rows: Array(0..<dataset.count))
            let candidates = CompressionStudy.candidates(reduction)
            // The highest mean; of equal ones the first.
            let means = ofCandidates.map { ExactMeanAccuracy(rightCounts: $0, rowCounts: rowCounts) }
            let best = means.indices.max { means[$0] == means[$1] ? $0 > $1 : means[$0] < means[$1] } ?? 0
            let accuracies = zip(ofCandidates[best], rowCounts).map { Double($0) / Double($1) }
            guard case .varianceShare(let share) = reduction.kept else { preconditionFailure("the study keeps shares") }
            return Level(
                varianceShare: share, components: components.componentCount,
                compressionRatio: Double(Bitmap.pixelCount) / Double(components.componentCount),
                reconstructionError: components.reconstructionError(of: dataset.bitmaps),
                C: candidates[best].c, gamma: candidates[best].gamma, meanTestScore: CandidateResult.mean(accuracies) ?? 0,
                stdTestScore: CandidateResult.standardDeviation(accuracies) ?? 0)
        }
    }

    private static func candidates(_ reduction: PrincipalComponentsParameters) -> [ReducedSVMParameters] {
        gammas.flatMap { gamma in costs.map { ReducedSVMParameters(reduction: reduction, c: $0, gamma: gamma) } }
    }

    /// Of each reduction and candidate, the right answers of every fold.
    private func rightCounts(jobCount: Int, onFinishedUnit: () -> Void) async throws -> [[[Int]]] {
        precondition(jobCount >= 1, "work needs at least one job")
        let candidateCount = CompressionStudy.costs.count * CompressionStudy.gammas.count
        var table = [[[Int]]](
            repeating: [[Int]](repeating: [Int](repeating: 0, count: folds.foldCount), count: candidateCount),
            count: reductions.count)
        try await withThrowingTaskGroup(of: (unit: Int, rightCounts: [Int]).self) { tasks in
            func start(_ unit: Int) {
                tasks.addTask { (unit, try rightCounts(reduction: unit / folds.foldCount, fold: unit % folds.foldCount)) }
            }
            var startedCount = min(jobCount, unitCount)
            for unit in 0..<startedCount { start(unit) }
            while let finished = try await tasks.next() {
                if Task.isCancelled { throw SearchError.cancelled }
                if startedCount < unitCount {
                    start(startedCount)
                    startedCount += 1
                }
                let (reduction, fold) = finished.unit.quotientAndRemainder(dividingBy: folds.foldCount)
                for (candidate, count) in finished.rightCounts.enumerated() { table[reduction][candidate][fold] = count }
                onFinishedUnit()
            }
        }
        return table
    }

    private func rightCounts(reduction: Int, fold: Int) throws(TrainingError) -> [Int] {
        let testRows = folds.testRows(fold: fold)
        let predictions = try ReducedSVMParameters.predictions(
            of: CompressionStudy.candidates(reductions[reduction]), on: dataset,
            split: TrainTestSplit(trainingRows: folds.trainingRows(fold: fold), testRows: testRows, seed: 0))
        return predictions.map { digits in zip(digits, testRows).count { $0 == dataset.labels[$1] } }
    }
}
