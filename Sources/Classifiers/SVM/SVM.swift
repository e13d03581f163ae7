import Digits

/// Hyperparameters of a C-support vector classifier, one machine for every two digits.
///
/// Names, defaults and meaning are scikit-learn's `SVC`: `C`, `kernel`, `gamma`, `degree`, `coef0`, `tol`, `class_weight`, `break_ties`.
public struct SVMParameters: ClassifierParameters {
    public typealias Model = SVMModel

    /// The kernel's width or scale.
    public enum Gamma: Hashable, Sendable {
        /// 1 / 256, one over the number of pixels.
        case auto
        /// 1 / (256 v) with v the variance of all pixels of the training rows; 1 where all of them are equal.
        case scale
        /// A positive number.
        case value(Double)
    }

    /// What C is multiplied by for the rows of a class.
    public enum ClassWeight: String, CaseIterable, Hashable, Sendable {
        /// Rows / (classes x rows of the class): classes with few rows count as much as those with many.
        case balanced
    }

    public static let classifier = ClassifierName.svm

    /// The price of a margin violation, greater than 0: the upper bound of every multiplier.
    public let c: Double
    public let kernel: SVMKernel
    public let gamma: Gamma
    /// The power of the polynomial kernel, 0 or greater; the other kernels do not read it.
    public let degree: Int
    /// What the polynomial and the sigmoid kernel add to the product; the other kernels do not read it.
    public let coef0: Double
    /// Nil for equal weights of 1.
    public let classWeight: ClassWeight?
    /// Whether equal numbers of votes are decided by the sums of decision values, rather than for the lower digit.
    public let breaksTies: Bool
    /// The largest violation of the optimality conditions that is accepted, above 0 and below 2, the violation at the start.
    public let tolerance: Double

    /// scikit-learn's default.
    public static let standardTolerance = SolverLimits.standard.tolerance

    /// - Precondition: `tolerance` and `degree` are in their ranges, `coef0` is finite; `c`, and `gamma` where it is a number, are finite and
    ///   greater than 0.
    public init(
        c: Double = 1, kernel: SVMKernel = .rbf, gamma: Gamma = .scale, degree: Int = 3, coef0: Double = 0,
        tolerance: Double = SVMParameters.standardTolerance, classWeight: ClassWeight? = nil, breaksTies: Bool = false
    ) {
        precondition(c > 0 && c.isFinite, "C is a finite number greater than 0")
        if case .value(let number) = gamma { precondition(number > 0 && number.isFinite, "gamma is a finite number greater than 0") }
        self.c = c
        precondition(tolerance > 0 && tolerance < 2, "the tolerance is above 0 and below 2")
        precondition(degree >= 0 && coef0.isFinite, "the degree is 0 or greater, coef0 finite")
        self.kernel = kernel
        self.gamma = gamma
        self.degree = degree
        self.coef0 = coef0
        self.tolerance = tolerance
        self.classWeight = classWeight
        self.breaksTies = breaksTies
    }

    public init(values: ParameterValues) throws(TrainingError) {
        try values.requireOnly(["C", "break_ties", "class_weight", "coef0", "degree", "gamma", "kernel", "tol"])
        c = try values.positiveNumber("C", default: 1)
        kernel = try values.choice("kernel", default: SVMKernel.rbf)
        degree = try values.integer("degree", in: 0...Int.max, default: KernelFunction.standardDegree)
        coef0 = try values.finiteNumber("coef0", default: KernelFunction.standardCoef0)
        classWeight = try values.optionalChoice("class_weight")
        breaksTies = try values.bool("break_ties", default: false)
        tolerance = try values.positiveNumber("tol", default: SVMParameters.standardTolerance)
        guard tolerance < 2 else {
            throw .invalidParameter(name: "tol", found: .spelled(tolerance), expected: "a number above 0 and below 2")
        }
        switch values["gamma"] {
        case nil, .text("scale")?: gamma = .scale
        case .text("auto")?: gamma = .auto
        case .integer(let whole)? where whole > 0: gamma = .value(Double(whole))
        case .number(let number)? where number > 0 && number.isFinite: gamma = .value(number)
        case let found?: throw .invalidParameter(name: "gamma", found: found, expected: "auto, scale or a number greater than 0")
        }
    }

    /// C, gamma and the kernel always; the others are left out where they are the default, as in the documents written before they could be
    /// chosen.
    public var values: ParameterValues {
        var values = ParameterValues(["C": .spelled(c), "gamma": gammaValue, "kernel": .text(kernel.rawValue)])
        if tolerance != SVMParameters.standardTolerance { values["tol"] = .spelled(tolerance) }
        if degree != KernelFunction.standardDegree { values["degree"] = .integer(degree) }
        if coef0 != KernelFunction.standardCoef0 { values["coef0"] = .spelled(coef0) }
        if let classWeight { values["class_weight"] = .text(classWeight.rawValue) }
        if breaksTies { values["break_ties"] = .bool(true) }
        return values
    }

    /// Candidates that differ only in C have all kernel values in common, and so do those that differ in what their kernel does not read. How ties
    /// are broken changes no machine.
    public var sharingKey: ParameterValues {
        var key = values
        key["C"] = nil
        key["break_ties"] = nil
        if !kernel.usesGamma { key["gamma"] = nil }
        if !kernel.usesDegree { key["degree"] = nil }
        if !kernel.usesCoef0 { key["coef0"] = nil }
        return key
    }

    /// The kernel rows that all share, and a solution for every C. Iterations grow with the rows, and so do the kernel rows that they
    /// touch, but most are found in the cache: as measured from 700 to 4,000 rows, together by the power 1.5.
    public static func evaluationCost(of group: [SVMParameters], rowCount: Int) -> Double {
        let costCount = Set(group.map(\.c)).count
        return Double(rowCount) * Double(rowCount).squareRoot() / 38 * (1.5 + 2.1 * Double(costCount))
    }

    /// The same for all: how many rows become support vectors is not known before training. Some 1,500 of them, each
    /// with four words and nine coefficients, eight at a time.
    public var predictionCost: Double { 1_500 * (4 + 9) / 8 }

    /// Gamma as a number, for these training rows.
    func resolvedGamma(_ dataset: DigitDataset, rows: [Int]) -> Double {
        switch gamma {
        case .auto: return 1 / Double(Bitmap.pixelCount)
        case .value(let number): return number
        case .scale:
            // Pixels are 0 or 1: with mean m their variance is m (1 - m).
            let ink = rows.reduce(0) { $0 + dataset.bitmaps[$1].inkCount }
            let mean = Double(ink) / Double(rows.count * Bitmap.pixelCount)
            let variance = mean * (1 - mean)
            return variance == 0 ? 1 : 1 / (Double(Bitmap.pixelCount) * variance)
        }
    }

    /// The kernel with gamma as a number.
    func kernelFunction(gamma: Double) -> KernelFunction {
        KernelFunction(kernel: kernel, gamma: gamma, degree: degree, coef0: coef0)
    }

    /// What C is multiplied by for each class.
    ///
    /// - Parameter rowCounts: training rows of each class, none 0.
    func weights(rowCounts: [Int]) -> [Double] {
        switch classWeight {
        case nil: return rowCounts.map { _ in 1 }
        case .balanced:
            let rowCount = Double(rowCounts.reduce(0, +))
            return rowCounts.map { rowCount / Double(rowCounts.count * $0) }
        }
    }

    private var gammaValue: ParameterValue {
        switch gamma {
        case .auto: .text("auto")
        case .scale: .text("scale")
        case .value(let number): .spelled(number)
        }
    }
}

extension SVMParameters {
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64) throws(TrainingError) -> SVMModel {
        try fit(dataset, rows: rows, seed: seed, limits: SolverLimits(tolerance: tolerance))
    }

    /// Trains within other bounds on time and memory than the standard ones, and with their tolerance.
    ///
    /// `limits.cacheBytes` does not change the model. The seed decides the folds that the probabilities are fitted on, and nothing else.
    /// - Throws: as `fit(_:rows:seed:)`.
    public func fit(_ dataset: DigitDataset, rows: [Int], seed: UInt64, limits: SolverLimits) throws(TrainingError) -> SVMModel {
        let trainer = try OneVersusOneTrainer(dataset, rows: rows, parameters: self, limits: limits)
        return try model(trainer.train(costs: [c], sigmoidSeed: seed)[0].requiringFiniteNumbers(), gamma: trainer.gamma)
    }

    public static func evaluate(_ group: [SVMParameters], in context: EvaluationContext, split: TrainTestSplit) -> [FoldOutcome] {
        SVMWork.outcomes(of: group, in: context, split: split)
    }

    /// - Parameter outcome: with sigmoids.
    fileprivate func model(_ outcome: OneVersusOneTrainer.Outcome, gamma: Double) -> SVMModel {
        SVMModel(
            parameters: self, trainingReport: outcome.report, gamma: gamma, machines: outcome.machines, sigmoids: outcome.sigmoids)
    }
}

/// The machines of all candidates are trained together, for they differ in C alone, and all values of C share the kernel rows. Sigmoids are
/// fitted only where probabilities are asked for.
private struct SVMWork: SharedWork {
    /// What decides the answers of a group's candidates.
    struct PartKey: Hashable {
        let c: Double
        let breaksTies: Bool
    }

    /// Votes need no sigmoids, and probabilities a whole model.
    enum Predictor {
        case votes(SVMPredictor, breakingTies: Bool, hasConverged: Bool)
        case model(SVMModel)
    }

    private let trainer: OneVersusOneTrainer
    private let outcomeOfCost: [Double: OneVersusOneTrainer.Outcome]
    private let hasSigmoids: Bool

    static func prepare(
        _ group: [SVMParameters], in context: EvaluationContext, split: TrainTestSplit
    ) throws(TrainingError) -> SVMWork {
        let trainer = try OneVersusOneTrainer(
            context.dataset, rows: split.trainingRows, parameters: group[0], limits: SolverLimits(tolerance: group[0].tolerance))
        let costs = Set(group.map(\.c)).sorted()
        let outcomes = try trainer.train(costs: costs, sigmoidSeed: context.wantsProbabilities ? split.seed : nil)
        return SVMWork(
            trainer: trainer, outcomeOfCost: Dictionary(uniqueKeysWithValues: zip(costs, outcomes)),
            hasSigmoids: context.wantsProbabilities)
    }

    static func part(of candidate: SVMParameters) -> PartKey { PartKey(c: candidate.c, breaksTies: candidate.breaksTies) }

    func fit(_ part: [SVMParameters]) throws(TrainingError) -> Predictor {
        guard let outcome = try outcomeOfCost[part[0].c]?.requiringFiniteNumbers() else { preconditionFailure("every C has been trained") }
        return hasSigmoids
            ? .model(part[0].model(outcome, gamma: trainer.gamma))
            : .votes(
                SVMPredictor(outcome.machines, table: trainer.table), breakingTies: part[0].breaksTies,
                hasConverged: outcome.report.converged)
    }

    func predictions(
        of part: [SVMParameters], by predictor: Predictor, for bitmaps: [Bitmap], withProbabilities: Bool
    ) -> [FoldPredictions] {
        let predictions =
            switch predictor {
            case .votes(let votes, let breakingTies, let hasConverged):
                FoldPredictions(
                    digits: bitmaps.map { votes.digit(votes.decisionValues(for: $0), breakingTies: breakingTies) },
                    hasConverged: hasConverged)
            case .model(let model): FoldPredictions(of: model, for: bitmaps, withProbabilities: withProbabilities)
            }
        return part.map { _ in predictions }
    }
}

/// A trained support vector classifier: one machine for every two digits, votes for the digit, coupled sigmoids for the probabilities.
///
/// The digit is the one with the most votes, of equal ones the lower, as in LIBSVM, unless `breaksTies`; now and then it is not the one with the
/// largest probability.
public struct SVMModel: ClassifierModel {
    public typealias Parameters = SVMParameters

    public let parameters: SVMParameters
    public let trainingReport: TrainingReport
    private let gamma: Double
    private let machines: OneVersusOneMachines
    private let sigmoids: [PlattSigmoid]
    private let predictor: SVMPredictor
    private let sigmoidBank: SigmoidBank

    public init(
        parameters: SVMParameters, classes: [UInt8], trainingReport: TrainingReport, payload: SVMPayload
    ) throws(TrainingError) {
        let machines = try payload.validatedMachines(parameters: parameters, classes: classes)
        self.init(
            parameters: parameters, trainingReport: trainingReport, gamma: payload.gamma, machines: machines,
            sigmoids: zip(payload.sigmoidSlopes, payload.sigmoidOffsets).map(PlattSigmoid.init(slope:offset:)))
    }

    init(
        parameters: SVMParameters, trainingReport: TrainingReport, gamma: Double, machines: OneVersusOneMachines,
        sigmoids: [PlattSigmoid]
    ) {
        self.parameters = parameters
        self.trainingReport = trainingReport
        self.gamma = gamma
        self.machines = machines
        self.sigmoids = sigmoids
        predictor = SVMPredictor(machines, table: KernelTable(parameters.kernelFunction(gamma: gamma)))
        sigmoidBank = SigmoidBank(sigmoids)
    }

    public var classes: [UInt8] { machines.classes }

    public var payload: SVMPayload { SVMPayload(machines, gamma: gamma, sigmoids: sigmoids) }

    /// The decision values of the machines, k (k - 1) / 2 of them in the order (0, 1), (0, 2) … (1, 2) … of the classes'
    /// positions; positive for the first of the two. scikit-learn's `decision_function` with `decision_function_shape="ovo"`.
    public func decisionValues(for bitmap: Bitmap) -> [Double] {
        let values = predictor.decisionValues(for: bitmap)
        return (0..<ClassPairs.count(classes: classes.count)).map { values[$0] }
    }

    public func scores(for bitmap: Bitmap) -> DigitScores {
        probabilities(predictor.decisionValues(for: bitmap))
    }

    public func digit(for bitmap: Bitmap) -> UInt8 {
        predictor.digit(predictor.decisionValues(for: bitmap), breakingTies: parameters.breaksTies)
    }

    public func prediction(for bitmap: Bitmap) -> Prediction {
        let decisions = predictor.decisionValues(for: bitmap)
        return Prediction(
            digit: predictor.digit(decisions, breakingTies: parameters.breaksTies), probabilities: probabilities(decisions))
    }

    private func probabilities(_ decisions: SVMPredictor.DecisionValues) -> DigitScores {
        let coupled = PairwiseCoupling.probabilities(sigmoidBank.probabilities(decisions), classCount: classes.count)
        if classes.count == DigitDataset.classCount { return coupled }
        var scores = DigitScores.zero
        for (position, digit) in classes.enumerated() { scores[Int(digit)] = coupled[position] }
        return scores
    }
}
