import Digits

extension AdaBoostParameters {
    /// Boosts stumps one after another; `stump_count` in the training report says how many there are. The seed decides nothing.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> AdaBoostModel {
        let rows = try RowsByClass(dataset, rows: rows)
        let stumps = try boost(rows)
        return AdaBoostModel(
            parameters: self, classes: rows.classes, trainingReport: TrainingReport(measures: ["stump_count": Double(stumps.count)]),
            stumps: stumps)
    }

    /// Boosts as many stumps as the largest of the group has; the others are its first.
    public static func evaluate(_ group: [AdaBoostParameters], in context: EvaluationContext, split: TrainTestSplit) -> [FoldOutcome] {
        guard let largest = group.max(by: { $0.stumpCount < $1.stumpCount }) else { return [] }
        let clock = ContinuousClock()
        let start = clock.now
        do throws(TrainingError) {
            let rows = try RowsByClass(context.dataset, rows: split.trainingRows)
            let stumps = try largest.boost(rows)
            let fitted = clock.now
            let stumpCounts = Set(group.map(\.stumpCount)).sorted()
            let digits = AdaBoostParameters.digits(
                for: split.testRows.map { context.dataset.bitmaps[$0] }, stumps, stumpCounts: stumpCounts, classes: rows.classes)
            let fitShare = (fitted - start) / group.count
            let scoreShare = (clock.now - fitted) / group.count
            return group.map { candidate in
                FoldOutcome(
                    predictions: .success(digits[candidate.stumpCount] ?? []), fitDuration: fitShare, scoreDuration: scoreShare)
            }
        } catch {
            let spent = (clock.now - start) / group.count
            return group.map { _ in FoldOutcome(predictions: .failure(error), fitDuration: spent, scoreDuration: .zero) }
        }
    }

    private func boost(_ rows: RowsByClass) throws(TrainingError) -> [Stump] {
        var booster = StumpBooster(rows, learningRate: learningRate)
        var stumps: [Stump] = []
        while stumps.count < stumpCount {
            if Task.isCancelled { throw .cancelled }
            guard let stump = booster.next() else { break }
            stumps.append(stump)
        }
        return stumps
    }

    /// What the first stumps answer, by how many of them.
    ///
    /// - Parameter stumpCounts: ascending.
    private static func digits(
        for bitmaps: [Bitmap], _ stumps: [Stump], stumpCounts: [Int], classes: [UInt8]
    ) -> [Int: [UInt8]] {
        let votesOfStump = stumps.map(\.votes)
        var digits: [Int: [UInt8]] = [:]
        var votes = [StumpVotes](repeating: StumpVotes(), count: bitmaps.count)
        var votedCount = 0
        for stumpCount in stumpCounts {
            let upcoming = votedCount..<max(votedCount, min(stumpCount, stumps.count))
            for row in bitmaps.indices {
                for index in upcoming {
                    let stump = stumps[index]
                    votes[row].add(votesOfStump[index], to: bitmaps[row][stump.pixel] ? stump.setDigit : stump.unsetDigit)
                }
            }
            votedCount = upcoming.upperBound
            digits[stumpCount] = votes.map { $0.digitOfMost(classes: classes) }
        }
        return digits
    }
}
