import Digits

extension LogisticRegressionParameters {
    /// Trains a machine for each digit. The seed decides nothing.
    ///
    /// The training report counts Newton's `iterations` of all machines, the `conjugate_gradients` of the machine with most of them, and
    /// the `unconverged_machines`.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> LogisticRegressionModel {
        let rows = try RowsByClass(dataset, rows: rows)
        let solution = try LogisticRegressionSolver(rows, parameters: self).solve()
        let unconvergedCount = solution.converged.count { !$0 }
        return try LogisticRegressionModel(
            parameters: self, classes: rows.classes,
            trainingReport: TrainingReport(
                converged: unconvergedCount == 0,
                measures: [
                    "conjugate_gradients": Double(solution.conjugateStepCount),
                    "iterations": Double(solution.iterationCounts.reduce(0, +)),
                    "unconverged_machines": Double(unconvergedCount),
                ]),
            payload: LinearPayload(weights: solution.weights, intercepts: solution.intercepts))
    }
}
