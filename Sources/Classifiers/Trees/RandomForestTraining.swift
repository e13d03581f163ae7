import Digits

extension RandomForestParameters {
    /// Grows the trees one after another and measures the out-of-bag accuracy, `out_of_bag_score` in the training report: each row
    /// predicted by the trees whose sample it is not in (Breiman 2001, section 3.1). Rows that are in every sample do not count.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> RandomForestModel {
        let source = try BootstrapSource(dataset, rows: rows, seed: seed)
        let grown = try grow(source, seed: seed, treeCount: treeCount)
        let predictor = ForestPredictor(grown, classes: source.classes)
        var measures = ["node_count": Double(grown.codes.count)]
        if let score = outOfBagScore(source, predictor) { measures["out_of_bag_score"] = score }
        return RandomForestModel(
            parameters: self, classes: source.classes, trainingReport: TrainingReport(measures: measures), nodes: grown,
            predictor: predictor)
    }

    /// Grows the largest forest of the group once; the others are its first trees.
    public static func evaluate(
        _ group: [RandomForestParameters], in context: EvaluationContext, split: TrainTestSplit
    ) -> [FoldOutcome] {
        guard let largest = group.max(by: { $0.treeCount < $1.treeCount }) else { return [] }
        let clock = ContinuousClock()
        let start = clock.now
        do throws(TrainingError) {
            let source = try BootstrapSource(context.dataset, rows: split.trainingRows, seed: split.seed)
            let grown = try largest.grow(source, seed: split.seed, treeCount: largest.treeCount)
            let predictor = ForestPredictor(grown, classes: source.classes)
            let fitted = clock.now
            let treeCounts = Set(group.map(\.treeCount)).sorted()
            var digits = [Int: [UInt8]](uniqueKeysWithValues: treeCounts.map { ($0, []) })
            for row in split.testRows {
                let scores = predictor.scores(for: context.dataset.bitmaps[row], treeCounts: treeCounts)
                for (treeCount, scores) in zip(treeCounts, scores) { digits[treeCount]?.append(scores.digitOfLargest) }
            }
            let fitShare = (fitted - start) / group.count
            let scoreShare = (clock.now - fitted) / group.count
            return group.map { candidate in
                FoldOutcome(predictions: .success(digits[candidate.treeCount] ?? []), fitDuration: fitShare, scoreDuration: scoreShare)
            }
        } catch {
            let spent = (clock.now - start) / group.count
            return group.map { _ in FoldOutcome(predictions: .failure(error), fitDuration: spent, scoreDuration: .zero) }
        }
    }

    private func grow(_ source: BootstrapSource, seed: UInt64, treeCount: Int) throws(TrainingError) -> ForestNodes {
        var forest = ForestNodes(classCount: source.classes.count)
        for tree in 0..<treeCount {
            if Task.isCancelled { throw .cancelled }
            growth.grow(on: source.sample(source.multiplicities(tree: tree)), seed: seed, tree: tree, into: &forest)
        }
        return forest
    }

    private func outOfBagScore(_ source: BootstrapSource, _ predictor: ForestPredictor) -> Double? {
        var scores = [DigitScores](repeating: .zero, count: source.bitmaps.count)
        for tree in 0..<treeCount {
            for (row, multiplicity) in source.multiplicities(tree: tree).enumerated() where multiplicity == 0 {
                scores[row] += predictor.scores(for: source.bitmaps[row], tree: tree)
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
