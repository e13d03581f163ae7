import Digits

/// The numbers of a support vector model, as they stand in a model document.
///
/// With k classes and n support vectors there are k (k - 1) / 2 machines, in the order (0, 1), (0, 2) … (1, 2) … of the classes'
/// positions; a machine's decision value is positive for the first class of its pair.
public struct SVMPayload: Codable, Hashable, Sendable {
    /// Gamma as a number, greater than 0; the linear kernel does not read it.
    public var gamma: Double
    /// n bitmaps in 64 hexadecimal digits each, class after class.
    public var supportVectors: [String]
    /// Support vectors of each class: k numbers that sum to n.
    public var supportCounts: [Int]
    /// (k - 1) x n, row after row: the multiplier, signed, of a support vector in the machine of its class with the m-th of the other
    /// classes; LIBSVM's `sv_coef` and scikit-learn's `dual_coef_`.
    public var dualCoefficients: [Double]
    /// One a machine; scikit-learn's `intercept_`.
    public var intercepts: [Double]
    /// One a machine: A of 1 / (1 + exp(A f + B)), the probability of the first class given the decision value f.
    public var sigmoidSlopes: [Double]
    /// One a machine: B.
    public var sigmoidOffsets: [Double]

    public init(
        gamma: Double, supportVectors: [String], supportCounts: [Int], dualCoefficients: [Double], intercepts: [Double],
        sigmoidSlopes: [Double], sigmoidOffsets: [Double]
    ) {
        self.gamma = gamma
        self.supportVectors = supportVectors
        self.supportCounts = supportCounts
        self.dualCoefficients = dualCoefficients
        self.intercepts = intercepts
        self.sigmoidSlopes = sigmoidSlopes
        self.sigmoidOffsets = sigmoidOffsets
    }
}

extension SVMPayload {
    init(_ machines: OneVersusOneMachines, gamma: Double, sigmoids: [PlattSigmoid]) {
        self.init(
            gamma: gamma, supportVectors: machines.supportVectors.map(\.hexadecimal), supportCounts: machines.supportCounts,
            dualCoefficients: machines.dualCoefficients, intercepts: machines.intercepts, sigmoidSlopes: sigmoids.map(\.slope),
            sigmoidOffsets: sigmoids.map(\.offset))
    }

    /// The machines, after everything about them has been checked.
    ///
    /// - Throws: `TrainingError.invalidModel` naming the first field that does not fit.
    func validatedMachines(parameters: SVMParameters, classes: [UInt8]) throws(TrainingError) -> OneVersusOneMachines {
        let machineCount = ClassPairs.count(classes: classes.count)
        try PayloadCheck.classes(classes)
        guard gamma.isFinite && gamma > 0 else {
            throw .invalidModel(field: "gamma", found: "\(gamma)", expected: "a number greater than 0")
        }
        try PayloadCheck.count(supportCounts, of: "supportCounts", is: classes.count)
        // Checked before the sum, which could overflow otherwise.
        try PayloadCheck.each(supportCounts, of: "supportCounts", is: "1 to \(supportVectors.count)") {
            (1...max(1, supportVectors.count)).contains($0)
        }
        try PayloadCheck.count(supportVectors, of: "supportVectors", is: supportCounts.reduce(0, +))
        let bitmaps = try PayloadCheck.bitmaps(supportVectors, of: "supportVectors")
        // What the weights of classes were is not in the document: they depend on the rows.
        let bound = parameters.classWeight == nil ? parameters.c : Double.greatestFiniteMagnitude
        try PayloadCheck.count(dualCoefficients, of: "dualCoefficients", is: (classes.count - 1) * bitmaps.count)
        try PayloadCheck.each(
            dualCoefficients, of: "dualCoefficients", is: parameters.classWeight == nil ? "-\(bound) to \(bound)" : "finite"
        ) { $0.magnitude <= bound }
        for (field, numbers) in [("intercepts", intercepts), ("sigmoidSlopes", sigmoidSlopes), ("sigmoidOffsets", sigmoidOffsets)] {
            try PayloadCheck.count(numbers, of: field, is: machineCount)
            try PayloadCheck.finite(numbers, of: field)
        }
        return OneVersusOneMachines(
            classes: classes, supportVectors: bitmaps, supportCounts: supportCounts, dualCoefficients: dualCoefficients,
            intercepts: intercepts)
    }
}
