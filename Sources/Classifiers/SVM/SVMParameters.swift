import Digits

/// Hyperparameters of a C-support vector classifier, one machine for every two digits.
///
/// Names, defaults and meaning are scikit-learn's `SVC`: `C`, `kernel`, `gamma`.
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

    public static let classifier = ClassifierName.svm

    /// The price of a margin violation, greater than 0: the upper bound of every multiplier.
    public let c: Double
    public let kernel: SVMKernel
    public let gamma: Gamma

    /// - Precondition: `c`, and `gamma` where it is a number, are finite and greater than 0.
    public init(c: Double = 1, kernel: SVMKernel = .rbf, gamma: Gamma = .scale) {
        precondition(c > 0 && c.isFinite, "C is a finite number greater than 0")
        if case .value(let number) = gamma { precondition(number > 0 && number.isFinite, "gamma is a finite number greater than 0") }
        self.c = c
        self.kernel = kernel
        self.gamma = gamma
    }

    public init(values: ParameterValues) throws(TrainingError) {
        try values.requireOnly(["C", "gamma", "kernel"])
        c = try values.positiveNumber("C", default: 1)
        kernel = try values.choice("kernel", default: SVMKernel.rbf)
        switch values["gamma"] {
        case nil, .text("scale")?: gamma = .scale
        case .text("auto")?: gamma = .auto
        case .integer(let whole)? where whole > 0: gamma = .value(Double(whole))
        case .number(let number)? where number > 0 && number.isFinite: gamma = .value(number)
        case let found?: throw .invalidParameter(name: "gamma", found: found, expected: "auto, scale or a number greater than 0")
        }
    }

    public var values: ParameterValues {
        ParameterValues(["C": .spelled(c), "gamma": gammaValue, "kernel": .text(kernel.rawValue)])
    }

    /// Candidates that differ only in C have all kernel values in common; for the linear kernel, so do those that differ in gamma.
    public var sharingKey: ParameterValues {
        kernel.usesGamma
            ? ParameterValues(["gamma": gammaValue, "kernel": .text(kernel.rawValue)])
            : ParameterValues(["kernel": .text(kernel.rawValue)])
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

    private var gammaValue: ParameterValue {
        switch gamma {
        case .auto: .text("auto")
        case .scale: .text("scale")
        case .value(let number): .spelled(number)
        }
    }
}
