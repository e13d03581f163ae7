import Digits

extension LinearDiscriminantParameters {
    /// Finds the discriminants. The seed decides nothing.
    ///
    /// - Throws: as the protocol says; `TrainingError.invalidParameter` for more components than one less than classes, `.noSolution` where
    ///   nothing varies within classes.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> LinearDiscriminantModel {
        if Task.isCancelled { throw .cancelled }
        let rows = try RowsByClass(dataset, rows: rows)
        return try model(DiscriminantSolution(rows, tolerance: tolerance))
    }

    private func model(_ solution: DiscriminantSolution) throws(TrainingError) -> LinearDiscriminantModel {
        let componentCount = try keptComponentCount(classCount: solution.classes.count)
        return try LinearDiscriminantModel(
            parameters: self, classes: solution.classes, trainingReport: TrainingReport(),
            payload: solution.payload(solver: solver, componentCount: componentCount))
    }

    /// Decomposes the covariance once for all candidates.
    public static func evaluate(
        _ group: [LinearDiscriminantParameters], in context: EvaluationContext, split: TrainTestSplit
    ) -> [FoldOutcome] {
        guard let first = group.first else { return [] }
        let clock = ContinuousClock()
        let start = clock.now
        do throws(TrainingError) {
            if Task.isCancelled { throw .cancelled }
            let rows = try RowsByClass(context.dataset, rows: split.trainingRows)
            let solution = try DiscriminantSolution(rows, tolerance: first.tolerance)
            let sharedDuration = (clock.now - start) / group.count
            return group.map { candidate in
                let candidateStart = clock.now
                do throws(TrainingError) {
                    let model = try candidate.model(solution)
                    let fitted = clock.now
                    let digits = split.testRows.map { model.digit(for: context.dataset.bitmaps[$0]) }
                    return FoldOutcome(
                        predictions: .success(digits), fitDuration: sharedDuration + (fitted - candidateStart),
                        scoreDuration: clock.now - fitted)
                } catch {
                    return FoldOutcome(predictions: .failure(error), fitDuration: sharedDuration, scoreDuration: .zero)
                }
            }
        } catch {
            let spent = (clock.now - start) / group.count
            return group.map { _ in FoldOutcome(predictions: .failure(error), fitDuration: spent, scoreDuration: .zero) }
        }
    }
}
