import Digits

/// A linear map T of the 256 pixels under which the covariance within classes becomes 1: S^-1 is T^T T.
///
/// Where S is regular, as it is of a thousand digits and more, T is L^-1 D^-1, with D the deviations of the pixels and L Cholesky's factor of
/// D^-1 S D^-1: it serves all solvers alike, for T^T T is what counts, and no rotation of T changes it. Where S is singular there are
/// directions in which nothing varies within classes, and T consists of eigenvectors, as few as there are others. What the solvers of
/// scikit-learn do then, and so these:
///
/// - `svd` leaves out the directions, of pixels divided by their deviations, whose deviation is not above `tol`.
/// - `lsqr` takes the shortest of all least squares solutions of S w = m, which leaves out those, of the pixels as they are, in which nothing
///   varies. scikit-learn draws the line at 2e-16 of the largest eigenvalue, where rounding decides; here it is 256 times higher.
/// - `eigen` needs a regular S and fails. Here it leaves out pixels that are the same in all rows of each class, and fails if S is
///   singular then: where there are too few rows, or pixels that are always set together.
struct ClassWhitening {
    private enum Map {
        /// L^-1 D^-1.
        case factor(CholeskyFactor, deviations: [Double])
        /// directions x 256: T itself.
        case directions([Double])
    }

    private let map: Map
    let directionCount: Int

    /// What rounding may make of an eigenvalue that is 0, of a symmetric matrix of 256 x 256 whose largest is 1.
    private static let rounding = 256 * Double.ulpOfOne

    /// The smallest variance of standardised pixels in any direction for which a solver takes S as regular.
    static func leastRegularVariance(solver: LinearDiscriminantParameters.Solver, tolerance: Double) -> Double {
        // No eigenvalue is larger than their sum, which is the number of pixels.
        let roundedZero = rounding * Double(Bitmap.pixelCount)
        return solver == .svd ? max(tolerance * tolerance, roundedZero) : roundedZero
    }

    /// T for a covariance whose standardised form has no eigenvalue as small as `leastVariance`; nil where it has one.
    ///
    /// A matrix has eigenvalues above v alone where Cholesky's factor of it less v exists (Sylvester's law of inertia): two factorisations
    /// take a quarter of the time of the eigenvalues.
    static func regular(_ moments: DiscriminantMoments, leastVariance: Double) throws(TrainingError) -> ClassWhitening? {
        let count = Bitmap.pixelCount
        guard try CholeskyFactor(moments.standardisedCovariance(shift: leastVariance), count: count) != nil,
            let factor = try CholeskyFactor(moments.standardisedCovariance(), count: count)
        else { return nil }
        return ClassWhitening(map: .factor(factor, deviations: moments.deviations), directionCount: count)
    }

    /// - Throws: `TrainingError.noSolution` where no direction is left, and for `eigen` where the covariance is singular.
    static func of(
        _ moments: DiscriminantMoments, solver: LinearDiscriminantParameters.Solver, tolerance: Double
    ) throws(TrainingError) -> ClassWhitening {
        let leastVariance = leastRegularVariance(solver: solver, tolerance: tolerance)
        if let regular = try regular(moments, leastVariance: leastVariance) { return regular }
        switch solver {
        case .svd:
            return try ClassWhitening(
                eigenvectorsOf: moments.standardisedCovariance(), dividedBy: moments.deviations, leastVariance: leastVariance)
        case .lsqr:
            return try ClassWhitening(eigenvectorsOf: moments.covariance, dividedBy: nil, leastVariance: nil)
        case .eigen:
            let whitening = try ClassWhitening(
                eigenvectorsOf: moments.standardisedCovariance(), dividedBy: moments.deviations, leastVariance: leastVariance)
            let varyingCount = moments.varyingPixelCount
            guard whitening.directionCount == varyingCount else {
                throw .noSolution(
                    reason: "the covariance within classes is singular, of rank \(whitening.directionCount) for "
                        + "\(varyingCount) pixels that vary; solver eigen needs a regular one, svd and lsqr do not")
            }
            return whitening
        }
    }

    private init(map: Map, directionCount: Int) {
        self.map = map
        self.directionCount = directionCount
    }

    /// - Parameters:
    ///   - leastVariance: directions of a smaller one are left out; nil for what is more than rounding.
    private init(eigenvectorsOf matrix: [Double], dividedBy deviations: [Double]?, leastVariance: Double?) throws(TrainingError) {
        let eigensystem = try SymmetricEigensystem(matrix, count: Bitmap.pixelCount)
        let least = leastVariance ?? ClassWhitening.rounding * (eigensystem.values.last ?? 0)
        let kept = eigensystem.values.indices.reversed().filter { eigensystem.values[$0] > least }
        guard !kept.isEmpty else { throw .noSolution(reason: "no pixel varies within classes") }
        // Of a pixel that does not vary exactly nothing, where rounding may leave a trace in the eigenvectors.
        let varies = (0..<Bitmap.pixelCount).map { matrix[$0 * Bitmap.pixelCount + $0] > 0 }
        let rows = kept.flatMap { index in
            let deviation = eigensystem.values[index].squareRoot()
            return eigensystem.vector(index).enumerated().map { varies[$0] ? $1 / (deviation * (deviations?[$0] ?? 1)) : 0 }
        }
        self.init(map: .directions(rows), directionCount: kept.count)
    }

    /// T times vectors of 256 pixels, one after the other.
    func whitened(_ vectors: [Double]) -> [Double] {
        switch map {
        case .factor(let factor, let deviations): factor.dividing(ClassWhitening.divided(vectors, by: deviations))
        case .directions(let rows): ClassWhitening.products(of: vectors, with: rows)
        }
    }

    /// T^T times vectors of `directionCount` numbers, one after the other.
    func inPixels(_ vectors: [Double]) -> [Double] {
        switch map {
        case .factor(let factor, let deviations):
            return ClassWhitening.divided(factor.transposedDividing(vectors), by: deviations)
        case .directions(let rows):
            let count = Bitmap.pixelCount
            var pixels = [Double](repeating: 0, count: vectors.count / directionCount * count)
            for (place, length) in vectors.enumerated() {
                let (vector, direction) = place.quotientAndRemainder(dividingBy: directionCount)
                for pixel in 0..<count { pixels[vector * count + pixel] += length * rows[direction * count + pixel] }
            }
            return pixels
        }
    }

    private static func divided(_ vectors: [Double], by deviations: [Double]) -> [Double] {
        vectors.enumerated().map { $1 / deviations[$0 % deviations.count] }
    }

    /// Of each vector with each row.
    private static func products(of vectors: [Double], with rows: [Double]) -> [Double] {
        let count = Bitmap.pixelCount
        return stride(from: 0, to: vectors.count, by: count).flatMap { vector in
            stride(from: 0, to: rows.count, by: count).map { row in
                var sum = 0.0
                for pixel in 0..<count { sum += vectors[vector + pixel] * rows[row + pixel] }
                return sum
            }
        }
    }
}
