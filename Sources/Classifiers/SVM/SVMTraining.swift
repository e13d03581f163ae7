import Digits

extension SVMParameters {
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> SVMModel {
        try fit(dataset, rows: rows, seed: seed, limits: .standard)
    }

    /// Trains with bounds of one's own on time and memory.
    ///
    /// `limits.cacheBytes` does not change the model. The seed decides the folds that the probabilities are fitted on, and nothing else.
    /// - Throws: as `fit(_:rows:seed:)`.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64, limits: SolverLimits) throws(TrainingError) -> SVMModel {
        let trainer = try OneVersusOneTrainer(dataset, rows: rows, parameters: self, limits: limits)
        let outcomes = try trainer.train(costs: [c], sigmoidSeed: seed)
        return SVMModel(
            parameters: self, trainingReport: outcomes[0].report, gamma: trainer.gamma, machines: outcomes[0].machines,
            sigmoids: outcomes[0].sigmoids)
    }

    /// Trains the machines of all candidates together, without probabilities, and lets them vote on the test rows.
    public static func evaluate(_ group: [SVMParameters], in context: EvaluationContext, split: TrainTestSplit) -> [FoldOutcome] {
        guard let leader = group.first else { return [] }
        let clock = ContinuousClock()
        let start = clock.now
        do throws(TrainingError) {
            let trainer = try OneVersusOneTrainer(context.dataset, rows: split.trainingRows, parameters: leader, limits: .standard)
            let costs = Set(group.map(\.c)).sorted()
            let outcomes = try trainer.train(costs: costs)
            let fitDuration = (clock.now - start) / group.count
            let scored = zip(costs, outcomes).map { c, outcome in
                let scoringStart = clock.now
                let predictor = SVMPredictor(outcome.machines, table: trainer.table)
                let digits = split.testRows.map { row in
                    predictor.digit(voting: predictor.decisionValues(for: context.dataset.bitmaps[row]))
                }
                return (c: c, digits: digits, duration: clock.now - scoringStart)
            }
            return group.map { candidate in
                let sharers = group.count { $0.c == candidate.c }
                guard let found = scored.first(where: { $0.c == candidate.c }) else {
                    preconditionFailure("every candidate's C has been trained")
                }
                return FoldOutcome(
                    predictions: .success(found.digits), fitDuration: fitDuration, scoreDuration: found.duration / sharers)
            }
        } catch {
            let fitDuration = (clock.now - start) / group.count
            return group.map { _ in FoldOutcome(predictions: .failure(error), fitDuration: fitDuration, scoreDuration: .zero) }
        }
    }
}
