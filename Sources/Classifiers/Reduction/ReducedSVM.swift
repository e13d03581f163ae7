import Digits

/// Principal components, then a support vector machine on what they leave: the components are found anew on the training
/// rows of each fit, so that nothing of the rows measured on is known beforehand.
///
/// The solver, the voting and its ties are those of `SVMParameters`; only the kernel is of real coordinates.
public struct ReducedSVMParameters: Hashable, Sendable {
    public let reduction: PrincipalComponentsParameters
    /// Above 0.
    public let c: Double
    public let kernel: SVMKernel
    /// Above 0.
    public let gamma: Double

    /// - Precondition: `c` and `gamma` are finite and greater than 0.
    public init(reduction: PrincipalComponentsParameters, c: Double, kernel: SVMKernel = .rbf, gamma: Double) {
        precondition(c > 0 && c.isFinite && gamma > 0 && gamma.isFinite)
        self.reduction = reduction
        self.c = c
        self.kernel = kernel
        self.gamma = gamma
    }

    private var realKernel: RealKernel { RealKernel(kernel: kernel, gamma: gamma) }

    /// - Throws: as `PrincipalComponentsParameters.fit` and `SVMParameters.fit`.
    public func fit(_ dataset: DigitDataset, rows: [Int]) throws(TrainingError) -> ReducedSVMModel {
        let reducer = try reduction.fit(dataset, rows: rows)
        return try ReducedRows(dataset, rows: rows, reducer: reducer).models(kernel: realKernel, costs: [c])[0]
    }

    /// The digits that candidates answer for the test rows of a split.
    ///
    /// - Parameter candidates: of one reduction; they share its components, and those of one kernel and gamma the kernel's rows.
    /// - Returns: a list of digits a candidate, in their order; each is what fitting it alone gives.
    /// - Throws: as `fit`.
    public static func predictions(
        of candidates: [ReducedSVMParameters], on dataset: DigitDataset, split: TrainTestSplit
    ) throws(TrainingError) -> [[UInt8]] {
        guard let reduction = candidates.first?.reduction else { return [] }
        precondition(candidates.allSatisfy { $0.reduction == reduction }, "candidates share a reduction")
        let reducer = try reduction.fit(dataset, rows: split.trainingRows)
        let rows = try ReducedRows(dataset, rows: split.trainingRows, reducer: reducer)
        let points = split.testRows.map { reducer.transform(dataset.bitmaps[$0]) }
        var answers = [[UInt8]](repeating: [], count: candidates.count)
        for (kernel, members) in Dictionary(grouping: candidates.indices, by: { candidates[$0].realKernel }) {
            let costs = Set(members.map { candidates[$0].c }).sorted()
            for (c, model) in zip(costs, try rows.models(kernel: kernel, costs: costs)) {
                let digits = points.map { model.digit(for: $0) }
                for member in members where candidates[member].c == c { answers[member] = digits }
            }
        }
        return answers
    }
}

/// Training rows after their reduction, class after class.
private struct ReducedRows {
    let reducer: PrincipalComponents
    let classes: [UInt8]
    let pointsOfClass: [[[Double]]]

    init(_ dataset: DigitDataset, rows: [Int], reducer: PrincipalComponents) throws(TrainingError) {
        let sorted = try RowsByClass(dataset, rows: rows)
        self.reducer = reducer
        classes = sorted.classes
        pointsOfClass = sorted.classes.indices.map { position in
            sorted.bitmaps[sorted.range(ofClass: position)].map(reducer.transform)
        }
    }

    /// A model for each C, ascending; all share the kernel rows of each pair of classes.
    func models(kernel: RealKernel, costs: [Double]) throws(TrainingError) -> [ReducedSVMModel] {
        let storage = FloatStorage()
        let limits = SolverLimits.standard
        let solver = SMOSolver(limits: limits)
        var machines = [[ReducedSVMModel.Machine]](repeating: [], count: costs.count)
        for pair in ClassPairs.all(classes: classes.count) {
            if Task.isCancelled { throw .cancelled }
            let points = pointsOfClass[pair.first] + pointsOfClass[pair.second]
            let others = RealPoints(points)
            let rows = KernelRows(
                diagonal: points.map(kernel.diagonal), storage: storage, cacheBytes: limits.cacheBytes,
                exactValue: { kernel.value(points[$0], points[$1]) },
                fill: { row, values in kernel.values(of: points[row], with: others, into: values) })
            for (index, c) in costs.enumerated() {
                let solution = try solver.solve(rows, firstClassCount: pointsOfClass[pair.first].count, c: c)
                machines[index].append(ReducedSVMModel.Machine(coefficients: solution.coefficients, intercept: solution.intercept))
            }
        }
        let all = RealPoints(pointsOfClass.flatMap { $0 })
        let starts = pointsOfClass.indices.map { pointsOfClass[..<$0].reduce(0) { $0 + $1.count } } + [all.count]
        return machines.map {
            ReducedSVMModel(reducer: reducer, classes: classes, points: all, starts: starts, kernel: kernel, machines: $0)
        }
    }
}

/// A trained support vector machine on principal components.
public struct ReducedSVMModel: Sendable {
    /// One machine of two classes.
    struct Machine: Sendable {
        /// Of the rows of the first class, then of those of the second.
        let coefficients: [Double]
        let intercept: Double
    }

    public let reducer: PrincipalComponents
    /// Digits, ascending.
    public let classes: [UInt8]
    fileprivate let points: RealPoints
    /// Where the points of each class begin, and the last end.
    fileprivate let starts: [Int]
    fileprivate let kernel: RealKernel
    fileprivate let machines: [Machine]

    /// The digit with the most votes, the lower of equal ones.
    public func digit(for bitmap: Bitmap) -> UInt8 {
        digit(for: reducer.transform(bitmap))
    }

    fileprivate func digit(for point: [Double]) -> UInt8 {
        kernel.withValues(of: point, with: points) { values in
            var votes = [Int](repeating: 0, count: classes.count)
            for (machine, pair) in zip(machines, ClassPairs.all(classes: classes.count)) {
                let firstCount = starts[pair.first + 1] - starts[pair.first]
                var value = machine.intercept
                for (row, coefficient) in machine.coefficients.enumerated() where coefficient != 0 {
                    let place = row < firstCount ? starts[pair.first] + row : starts[pair.second] + row - firstCount
                    value += coefficient * values[place]
                }
                votes[value > 0 ? pair.first : pair.second] += 1
            }
            return classes[votes.firstIndex(of: votes.max() ?? 0) ?? 0]
        }
    }
}
