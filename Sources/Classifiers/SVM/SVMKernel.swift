import Digits

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The kernels, in scikit-learn's spelling and with its definitions.
public enum SVMKernel: String, CaseIterable, Codable, Hashable, Sendable {
    /// exp(-gamma |x - z|^2)
    case rbf
    /// x.z
    case linear
    /// (gamma x.z + coef0)^degree
    case poly
    /// tanh(gamma x.z + coef0); not positive semidefinite for every gamma.
    case sigmoid

    /// Whether gamma changes its values.
    public var usesGamma: Bool { self != .linear }
    /// Whether the degree changes its values.
    public var usesDegree: Bool { self == .poly }
    /// Whether coef0 changes its values.
    public var usesCoef0: Bool { self == .poly || self == .sigmoid }
}

extension SVMKernel {
    /// What of two vectors a kernel depends on.
    enum Argument: Sendable {
        case dotProduct
        case squaredDistance
    }

    var argument: Argument { self == .rbf ? .squaredDistance : .dotProduct }
}

/// A kernel with all of its parameters as numbers.
struct KernelFunction: Hashable, Sendable {
    let kernel: SVMKernel
    let gamma: Double
    /// Of the polynomial; 0 or greater.
    let degree: Int
    /// Of the polynomial and the sigmoid.
    let coef0: Double

    static let standardDegree = 3
    static let standardCoef0 = 0.0

    init(kernel: SVMKernel, gamma: Double, degree: Int = standardDegree, coef0: Double = standardCoef0) {
        self.kernel = kernel
        self.gamma = gamma
        self.degree = degree
        self.coef0 = coef0
    }

    /// The kernel of two vectors with this dot product or squared distance.
    func value(of argument: Double) -> Double {
        switch kernel {
        case .rbf: exp(-(gamma * argument))
        case .linear: argument
        case .poly: KernelFunction.power(gamma * argument + coef0, degree)
        case .sigmoid: tanh(gamma * argument + coef0)
        }
    }

    /// Products of squares, in the order in which LIBSVM multiplies them.
    private static func power(_ base: Double, _ exponent: Int) -> Double {
        var square = base
        var product = 1.0
        var rest = exponent
        while rest > 0 {
            if rest % 2 == 1 { product *= square }
            square *= square
            rest /= 2
        }
        return product
    }
}

/// A kernel as all the values that it can take on bitmaps.
///
/// Two bitmaps have one of 257 dot products and one of 257 squared distances, so that a kernel is a table: `exp`, `tanh` and
/// powers are computed 257 times and never again. Training reads them in single precision, as in LIBSVM's kernel cache; predictions in double, as
/// LIBSVM's.
struct KernelTable: Sendable {
    /// What of two bitmaps the table is indexed by.
    let argument: SVMKernel.Argument
    /// 257 values, for arguments 0...256.
    let doubleValues: [Double]
    /// The same, rounded.
    let values: [Float]
    /// Of the rbf kernel, exp(-gamma (16 h + l)) = exp(-gamma 16 h) exp(-gamma l): the factors for h in 0...16 and for l in 0...15.
    /// `doubleValues` are their products, so that either way of looking up gives the same bits. Where a product would have lost digits, below
    /// 1e-300, there are none.
    let factors: (coarse: [Double], fine: [Double])?

    init(_ function: KernelFunction) {
        let gamma = function.gamma
        argument = function.kernel.argument
        if function.kernel == .rbf && gamma * Double(Bitmap.pixelCount) < KernelTable.largestFactoredExponent {
            let coarse = stride(from: 0, through: Bitmap.pixelCount, by: 16).map { exp(-gamma * Double($0)) }
            let fine = (0..<16).map { exp(-gamma * Double($0)) }
            doubleValues = (0...Bitmap.pixelCount).map { coarse[$0 / 16] * fine[$0 % 16] }
            factors = (coarse, fine)
        } else {
            doubleValues = (0...Bitmap.pixelCount).map { function.value(of: Double($0)) }
            factors = nil
        }
        values = doubleValues.map { Float($0) }
    }

    /// With the standard degree and coef0.
    init(kernel: SVMKernel, gamma: Double) {
        self.init(KernelFunction(kernel: kernel, gamma: gamma))
    }

    /// exp(-690) is 1e-300.
    private static let largestFactoredExponent = 690.0

    /// The kernel of a bitmap with itself, in double precision as LIBSVM has it. Where a kernel is not positive semidefinite the sign of a
    /// tiny curvature decides between two paths, and with rounded values a sigmoid SVM ends in another local optimum.
    func diagonal(_ bitmap: Bitmap) -> Double {
        switch argument {
        case .dotProduct: doubleValues[bitmap.inkCount]
        case .squaredDistance: doubleValues[0]
        }
    }

    /// The kernel of two bitmaps, in double precision.
    func value(_ x: Bitmap, _ z: Bitmap) -> Double {
        switch argument {
        case .dotProduct: doubleValues[x.dotProduct(z)]
        case .squaredDistance: doubleValues[x.squaredDistance(z)]
        }
    }
}
