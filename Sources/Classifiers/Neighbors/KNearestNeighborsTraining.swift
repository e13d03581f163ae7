import Digits

extension KNearestNeighborsParameters {
    /// Keeps the rows, by ascending number. The seed decides nothing.
    ///
    /// Fix, Hodges, "Discriminatory Analysis: Nonparametric Discrimination: Consistency Properties", USAF School of Aviation Medicine (1951);
    /// Cover, Hart, "Nearest Neighbor Pattern Classification", IEEE Transactions on Information Theory 13 (1967), section II.
    /// - Throws: `TrainingError.invalidParameter` for fewer rows than neighbours; else as the protocol says.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> KNearestNeighborsModel {
        if Task.isCancelled { throw .cancelled }
        let (scan, classes) = try KNearestNeighborsParameters.scan(dataset, rows: rows)
        try requireNeighbors(among: rows.count)
        return KNearestNeighborsModel(parameters: self, classes: classes, trainingReport: TrainingReport(), scan: scan)
    }

    /// Finds the neighbours of every test row once, as many as the candidate with most of them wants.
    public static func evaluate(
        _ group: [KNearestNeighborsParameters], in context: EvaluationContext, split: TrainTestSplit
    ) -> [FoldOutcome] {
        let clock = ContinuousClock()
        let start = clock.now
        do throws(TrainingError) {
            let (scan, _) = try scan(context.dataset, rows: split.trainingRows)
            let fitted = clock.now
            let neighborCounts = Set(group.lazy.map(\.neighborCount).filter { $0 <= split.trainingRows.count }).sorted()
            var digits = [[UInt8]](repeating: [], count: neighborCounts.count)
            for row in split.testRows {
                if Task.isCancelled { throw .cancelled }
                for (place, votes) in scan.votes(for: context.dataset.bitmaps[row], neighborCounts: neighborCounts).enumerated() {
                    digits[place].append(votes.digitOfLargest)
                }
            }
            let digitsOfCount = Dictionary(uniqueKeysWithValues: zip(neighborCounts, digits))
            let fitShare = (fitted - start) / group.count
            let scoreShare = (clock.now - fitted) / group.count
            return group.map { candidate in
                let predictions = Result { () throws(TrainingError) in
                    try candidate.requireNeighbors(among: split.trainingRows.count)
                    return digitsOfCount[candidate.neighborCount] ?? []
                }
                return FoldOutcome(predictions: predictions, fitDuration: fitShare, scoreDuration: scoreShare)
            }
        } catch {
            let spent = (clock.now - start) / group.count
            return group.map { _ in FoldOutcome(predictions: .failure(error), fitDuration: spent, scoreDuration: .zero) }
        }
    }

    private static func scan(_ dataset: DigitDataset, rows: [Int]) throws(TrainingError) -> (scan: NeighborScan, classes: [UInt8]) {
        let classes = try RowsByClass(dataset, rows: rows).classes
        let ascending = rows.sorted()
        let scan = NeighborScan(bitmaps: ascending.map { dataset.bitmaps[$0] }, labels: ascending.map { dataset.labels[$0] })
        return (scan, classes)
    }

    private func requireNeighbors(among rowCount: Int) throws(TrainingError) {
        guard neighborCount <= rowCount else {
            throw .invalidParameter(
                name: "n_neighbors", found: .integer(neighborCount), expected: "at most \(rowCount), the number of training rows")
        }
    }
}
