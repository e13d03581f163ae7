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
            let rows = try RowsByClass(context.dataset, rows: split.trainingRows)
            let common = Result { () throws(TrainingError) in try CommonWork(rows, group: group) }
            let commonDuration = (clock.now - start) / max(1, group.count)
            let solutions = Dictionary(grouping: group, by: \.withoutComponentCount).mapValues { sharers in
                let solvingStart = clock.now
                let solution = Result { () throws(TrainingError) in
                    let common = try common.get()
                    return try sharers[0].solution(common.moments, regularWhitening: common.regularWhitening)
                }
                return (result: solution, duration: (clock.now - solvingStart) / sharers.count)
            }
            return group.map { candidate in
                let candidateStart = clock.now
                let solution = solutions[candidate.withoutComponentCount]
                let sharedDuration = commonDuration + (solution?.duration ?? .zero)
                do throws(TrainingError) {
                    let componentCount = try candidate.keptComponentCount(classCount: rows.classes.count)
                    guard let solution = try solution?.result.get() else { preconditionFailure("every candidate has been solved") }
                    let model = try candidate.model(solution, classes: rows.classes, componentCount: componentCount)
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
            let spent = (clock.now - start) / max(1, group.count)
            return group.map { _ in FoldOutcome(predictions: .failure(error), fitDuration: spent, scoreDuration: .zero) }
        }
    }

    private var withoutComponentCount: LinearDiscriminantParameters {
        LinearDiscriminantParameters(solver: solver, tolerance: tolerance)
    }

    /// What all candidates of a group need.
    private struct CommonWork {
        let moments: DiscriminantMoments
        /// Where the covariance is regular for all of them.
        let regularWhitening: ClassWhitening?

        init(_ rows: RowsByClass, group: [LinearDiscriminantParameters]) throws(TrainingError) {
            moments = try DiscriminantMoments(rows)
            if Task.isCancelled { throw .cancelled }
            let leastVariances = group.map { ClassWhitening.leastRegularVariance(solver: $0.solver, tolerance: $0.tolerance) }
            regularWhitening = try ClassWhitening.regular(moments, leastVariance: leastVariances.max() ?? 0)
        }
    }
}
