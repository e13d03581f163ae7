import Digits

extension RandomForestParameters {
    /// Grows the trees one after another and measures the out-of-bag accuracy, `out_of_bag_score` in the training report: each row
    /// predicted by the trees whose sample it is not in (Breiman 2001, section 3.1). Rows that are in every sample do not count; without
    /// a bootstrap there are no others, and no such measure.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> RandomForestModel {
        let source = try BootstrapSource(dataset, rows: rows, seed: seed, drawsWithReplacement: bootstrap)
        let grown = try grow(source, seed: seed, limits: [limit])[0]
        let predictor = ForestPredictor(grown, classes: source.classes)
        var measures = ["node_count": Double(grown.codes.count)]
        if bootstrap, let score = outOfBagScore(source, predictor) { measures["out_of_bag_score"] = score }
        return RandomForestModel(
            parameters: self, classes: source.classes, trainingReport: TrainingReport(measures: measures), nodes: grown,
            predictor: predictor)
    }

    /// Grows the largest forest of the group once; the others are its first trees, or its trees cut at their depth.
    public static func evaluate(
        _ group: [RandomForestParameters], in context: EvaluationContext, split: TrainTestSplit
    ) -> [FoldOutcome] {
        guard let first = group.first else { return [] }
        let clock = ContinuousClock()
        let start = clock.now
        do throws(TrainingError) {
            let source = try BootstrapSource(
                context.dataset, rows: split.trainingRows, seed: split.seed, drawsWithReplacement: first.bootstrap)
            let limits = largestOfEachDepth(group.map(\.limit))
            let predictors = try first.grow(source, seed: split.seed, limits: limits).map { ForestPredictor($0, classes: source.classes) }
            let fitted = clock.now
            let testBitmaps = split.testRows.map { context.dataset.bitmaps[$0] }
            var digits: [ForestCuts.Limit: [UInt8]] = [:]
            for (limit, predictor) in zip(limits, predictors) {
                let treeCounts = Set(group.lazy.map(\.limit).filter { $0.maxDepth == limit.maxDepth }.map(\.treeCount)).sorted()
                let wanted = treeCounts.map { ForestCuts.Limit(maxDepth: limit.maxDepth, treeCount: $0) }
                for bitmap in testBitmaps {
                    for (forest, scores) in zip(wanted, predictor.scores(for: bitmap, treeCounts: treeCounts)) {
                        digits[forest, default: []].append(scores.digitOfLargest)
                    }
                }
            }
            let fitShare = (fitted - start) / group.count
            let scoreShare = (clock.now - fitted) / group.count
            return group.map { candidate in
                FoldOutcome(predictions: .success(digits[candidate.limit] ?? []), fitDuration: fitShare, scoreDuration: scoreShare)
            }
        } catch {
            let spent = (clock.now - start) / group.count
            return group.map { _ in FoldOutcome(predictions: .failure(error), fitDuration: spent, scoreDuration: .zero) }
        }
    }

    /// Each depth once, ascending, with the most trees that are wanted of it.
    private static func largestOfEachDepth(_ limits: [ForestCuts.Limit]) -> [ForestCuts.Limit] {
        Dictionary(limits.map { ($0.maxDepth, $0.treeCount) }, uniquingKeysWith: max)
            .map { ForestCuts.Limit(maxDepth: $0.key, treeCount: $0.value) }
            .sorted { $0.maxDepth < $1.maxDepth }
    }

    private func grow(_ source: BootstrapSource, seed: UInt64, limits: [ForestCuts.Limit]) throws(TrainingError) -> [ForestNodes] {
        let growth = growth(rowCount: source.bitmaps.count)
        var forests = ForestCuts(classCount: source.classes.count, limits: limits)
        for tree in 0..<forests.treeCount {
            if Task.isCancelled { throw .cancelled }
            try growth.grow(on: source.sample(source.multiplicities(tree: tree)), seed: seed, tree: tree, into: &forests)
        }
        return forests.forests
    }

    private func outOfBagScore(_ source: BootstrapSource, _ predictor: ForestPredictor) -> Double? {
        var scores = [DigitScores](repeating: .zero, count: source.bitmaps.count)
        for group in 0..<predictor.groupCount {
            // Of every row, the trees of the group whose sample it is not in.
            var judges = [UInt64](repeating: 0, count: source.bitmaps.count)
            for (bit, tree) in predictor.trees(ofGroup: group).enumerated() {
                for (row, multiplicity) in source.multiplicities(tree: tree).enumerated() where multiplicity == 0 {
                    judges[row] |= 1 &<< UInt64(bit)
                }
            }
            for row in scores.indices {
                scores[row] += predictor.scoreSum(for: source.bitmaps[row], group: group, judges: judges[row])
            }
        }
        var judgedCount = 0
        var correctCount = 0
        var row = 0
        for (position, end) in source.classEnds.enumerated() {
            while row < end {
                if scores[row].sum > 0 {
                    judgedCount += 1
                    if scores[row].digitOfLargest == source.classes[position] { correctCount += 1 }
                }
                row += 1
            }
        }
        return judgedCount == 0 ? nil : Double(correctCount) / Double(judgedCount)
    }
}
