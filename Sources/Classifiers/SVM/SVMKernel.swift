import Digits

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The kernels, in scikit-learn's spelling and with its definitions; coef0 is 0 and the polynomial's degree 3.
public enum SVMKernel: String, CaseIterable, Codable, Hashable, Sendable {
    /// exp(-gamma |x - z|^2)
    case rbf
    /// x.z
    case linear
    /// (gamma x.z)^3
    case poly
    /// tanh(gamma x.z); not positive semidefinite for every gamma.
    case sigmoid

    /// Whether gamma changes its values.
    public var usesGamma: Bool { self != .linear }
}

extension SVMKernel {
    /// What of two vectors a kernel depends on.
    enum Argument: Sendable {
        case dotProduct
        case squaredDistance
    }

    var argument: Argument { self == .rbf ? .squaredDistance : .dotProduct }

    /// The kernel of two vectors with this dot product or squared distance.
    func value(of argument: Double, gamma: Double) -> Double {
        let scaled = gamma * argument
        return switch self {
        case .rbf: exp(-scaled)
        case .linear: argument
        case .poly: scaled * (scaled * scaled)
        case .sigmoid: tanh(scaled)
        }
    }
}

/// A kernel with its gamma resolved to a number: all the values it can take on bitmaps.
///
/// Two bitmaps have one of 257 dot products and one of 257 squared distances, so that a kernel is a table: `exp`, `tanh` and the
/// cube are computed 257 times and never again. Training reads them in single precision, as in LIBSVM's kernel cache; predictions in double, as
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

    init(kernel: SVMKernel, gamma: Double) {
        argument = kernel.argument
        if kernel == .rbf && gamma * Double(Bitmap.pixelCount) < KernelTable.largestFactoredExponent {
            let coarse = stride(from: 0, through: Bitmap.pixelCount, by: 16).map { exp(-gamma * Double($0)) }
            let fine = (0..<16).map { exp(-gamma * Double($0)) }
            doubleValues = (0...Bitmap.pixelCount).map { coarse[$0 / 16] * fine[$0 % 16] }
            factors = (coarse, fine)
        } else {
            doubleValues = (0...Bitmap.pixelCount).map { kernel.value(of: Double($0), gamma: gamma) }
            factors = nil
        }
        values = doubleValues.map { Float($0) }
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
}
