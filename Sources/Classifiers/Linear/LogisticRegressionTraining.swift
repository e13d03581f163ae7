import Digits

extension LogisticRegressionParameters {
    /// Trains a machine for each digit. The seed decides nothing.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> LogisticRegressionModel {
        let rows = try RowsByClass(dataset, rows: rows)
        let solver = LogisticRegressionSolver(rows, parameters: self)
        var solutions: [LogisticRegressionSolver.Solution] = []
        for position in rows.classes.indices { solutions.append(try solver.solve(position: position)) }
        let unconvergedCount = solutions.count { !$0.converged }
        return try LogisticRegressionModel(
            parameters: self, classes: rows.classes,
            trainingReport: TrainingReport(
                converged: unconvergedCount == 0,
                measures: [
                    "iterations": Double(solutions.reduce(0) { $0 + $1.iterationCount }),
                    "unconverged_machines": Double(unconvergedCount),
                ]),
            payload: LinearPayload(weights: solutions.flatMap(\.weights), intercepts: solutions.map(\.intercept)))
    }
}
