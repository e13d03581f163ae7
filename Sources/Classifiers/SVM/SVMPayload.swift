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
        try ModelClasses.validate(classes)
        guard gamma.isFinite && gamma > 0 else {
            throw .invalidModel(field: "gamma", found: "\(gamma)", expected: "a number greater than 0")
        }
        try require(supportCounts.count, equals: classes.count, field: "supportCounts")
        // Checked before they are added up, lest the sum overflow.
        if let position = supportCounts.firstIndex(where: { !(1...max(1, supportVectors.count)).contains($0) }) {
            throw .invalidModel(
                field: "supportCounts[\(position)]", found: "\(supportCounts[position])", expected: "1 to \(supportVectors.count)")
        }
        try require(supportVectors.count, equals: supportCounts.reduce(0, +), field: "supportVectors")
        let bitmaps = try ModelBitmaps.decoded(supportVectors, field: "supportVectors")
        let bound = parameters.c
        try require(dualCoefficients.count, equals: (classes.count - 1) * bitmaps.count, field: "dualCoefficients")
        if let position = dualCoefficients.firstIndex(where: { !($0.magnitude <= bound) }) {
            throw .invalidModel(
                field: "dualCoefficients[\(position)]", found: "\(dualCoefficients[position])", expected: "-\(bound) to \(bound)")
        }
        try requireFinite(intercepts, count: machineCount, field: "intercepts")
        try requireFinite(sigmoidSlopes, count: machineCount, field: "sigmoidSlopes")
        try requireFinite(sigmoidOffsets, count: machineCount, field: "sigmoidOffsets")
        return OneVersusOneMachines(
            classes: classes, supportVectors: bitmaps, supportCounts: supportCounts, dualCoefficients: dualCoefficients,
            intercepts: intercepts)
    }

    private func requireFinite(_ numbers: [Double], count: Int, field: String) throws(TrainingError) {
        try require(numbers.count, equals: count, field: field)
        if let position = numbers.firstIndex(where: { !$0.isFinite }) {
            throw .invalidModel(field: "\(field)[\(position)]", found: "\(numbers[position])", expected: "a finite number")
        }
    }

    private func require(_ found: Int, equals expected: Int, field: String) throws(TrainingError) {
        guard found == expected else {
            throw .invalidModel(field: field, found: "\(found) elements", expected: "\(expected) elements")
        }
    }
}
