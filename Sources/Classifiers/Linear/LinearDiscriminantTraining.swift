import Digits

extension LinearDiscriminantParameters {
    /// Finds the discriminants. The seed decides nothing.
    ///
    /// - Throws: as the protocol says; `TrainingError.invalidParameter` for more components than one less than classes; `.noSolution` where
    ///   nothing varies within classes, and from `eigen` where the covariance within classes is singular; `.libraryMissing`.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> LinearDiscriminantModel {
        if Task.isCancelled { throw .cancelled }
        let rows = try RowsByClass(dataset, rows: rows)
        let componentCount = try keptComponentCount(classCount: rows.classes.count)
        let moments = try DiscriminantMoments(rows)
        if Task.isCancelled { throw .cancelled }
        return try model(solution(moments), classes: moments.classes, componentCount: componentCount)
    }

    /// - Parameter regularWhitening: where the covariance is known to be regular for this solver.
    private func solution(
        _ moments: DiscriminantMoments, regularWhitening: ClassWhitening? = nil
    ) throws(TrainingError) -> DiscriminantSolution {
        let whitening: ClassWhitening
        if let regularWhitening {
            whitening = regularWhitening
        } else {
            whitening = try ClassWhitening.of(moments, solver: solver, tolerance: tolerance)
        }
        return try DiscriminantSolution(moments, whitening: whitening, solver: solver, tolerance: tolerance)
    }

    private func model(
        _ solution: DiscriminantSolution, classes: [UInt8], componentCount: Int
    ) throws(TrainingError) -> LinearDiscriminantModel {
        try LinearDiscriminantModel(
            parameters: self, classes: classes, trainingReport: TrainingReport(), payload: solution.payload(componentCount: componentCount))
    }

    /// Counts the rows once for all candidates, whitens once for all if the covariance is regular, and solves once for those that differ in
    /// `n_components` alone.
    public static func evaluate(
        _ group: [LinearDiscriminantParameters], in context: EvaluationContext, split: TrainTestSplit
    ) -> [FoldOutcome] {
        let clock = ContinuousClock()
        let start = clock.now
        do throws(TrainingError) {
            if Task.isCancelled { throw .cancelled }
            let moments = try DiscriminantMoments(RowsByClass(context.dataset, rows: split.trainingRows))
            if Task.isCancelled { throw .cancelled }
            let leastVariances = group.map { ClassWhitening.leastRegularVariance(solver: $0.solver, tolerance: $0.tolerance) }
            let regular = try ClassWhitening.regular(moments, leastVariance: leastVariances.max() ?? 0)
            let sharedDuration = (clock.now - start) / max(1, group.count)
            var solutions: [LinearDiscriminantParameters: Result<DiscriminantSolution, TrainingError>] = [:]
            return group.map { candidate in
                let candidateStart = clock.now
                do throws(TrainingError) {
                    let componentCount = try candidate.keptComponentCount(classCount: moments.classes.count)
                    let key = LinearDiscriminantParameters(solver: candidate.solver, tolerance: candidate.tolerance)
                    let solution =
                        solutions[key] ?? Result { () throws(TrainingError) in try key.solution(moments, regularWhitening: regular) }
                    solutions[key] = solution
                    let model = try candidate.model(solution.get(), classes: moments.classes, componentCount: componentCount)
                    let fitted = clock.now
                    let digits = split.testRows.map { model.digit(for: context.dataset.bitmaps[$0]) }
                    return FoldOutcome(
                        predictions: .success(digits), fitDuration: sharedDuration + (fitted - candidateStart),
                        scoreDuration: clock.now - fitted)
                } catch {
                    return FoldOutcome(
                        predictions: .failure(error), fitDuration: sharedDuration + (clock.now - candidateStart), scoreDuration: .zero)
                }
            }
        } catch {
            let spent = (clock.now - start) / max(1, group.count)
            return group.map { _ in FoldOutcome(predictions: .failure(error), fitDuration: spent, scoreDuration: .zero) }
        }
    }
}
