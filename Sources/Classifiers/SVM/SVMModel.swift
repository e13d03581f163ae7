import Digits

/// A trained support vector classifier: one machine for every two digits, votes for the digit, coupled sigmoids for the probabilities.
///
/// The digit is the one with the most votes, the lower of equal ones, as in LIBSVM; now and then it is not the one with the largest
/// probability.
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
        predictor = SVMPredictor(machines, table: KernelTable(kernel: parameters.kernel, gamma: gamma))
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
        predictor.digit(voting: predictor.decisionValues(for: bitmap))
    }

    public func prediction(for bitmap: Bitmap) -> Prediction {
        let decisions = predictor.decisionValues(for: bitmap)
        return Prediction(digit: predictor.digit(voting: decisions), probabilities: probabilities(decisions))
    }

    private func probabilities(_ decisions: SVMPredictor.DecisionValues) -> DigitScores {
        let coupled = PairwiseCoupling.probabilities(sigmoidBank.probabilities(decisions), classCount: classes.count)
        if classes.count == DigitDataset.classCount { return coupled }
        var scores = DigitScores.zero
        for (position, digit) in classes.enumerated() { scores[Int(digit)] = coupled[position] }
        return scores
    }
}
