import Digits

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Linear discriminants: Bayes' rule for classes that are normally distributed with means of their own and one covariance.
///
/// With S the covariance within classes, m_c the mean of class c, m that of all rows and P_c the class's share of them, the digit is that
/// of the largest
///
///     x . w_c - m . w_c - 1/2 (m_c - m) . w_c + log P_c          w_c = S^-1 (m_c - m)
///
/// Fisher, "The Use of Multiple Measurements in Taxonomic Problems", Annals of Eugenics 7 (1936); Hastie, Tibshirani, Friedman, "The Elements of
/// Statistical Learning", 2nd ed., section 4.3. S^-1 is T^T T with T a `ClassWhitening`. The solvers of scikit-learn 1.9 are three ways to
/// this one solution, and part only where S is singular. Two of them measure from the origin rather than from m, which adds the same to all
/// classes and changes neither digit nor probability.
///
/// The transform takes the directions in which the whitened class means spread most: the eigenvectors of the covariance between classes
/// relative to S, at most one less than classes, each scaled so that the rows vary by 1 within classes. Where covariances are shrunk, that
/// between classes is, as scikit-learn's `eigen` has it, the shrunk one of all rows less S.
struct DiscriminantSolution {
    private let payload: LinearDiscriminantPayload

    /// - Parameters:
    ///   - whitening: that of the solver.
    ///   - tolerance: `svd` leaves out directions in which the class means spread by this share of the largest spread or less.
    /// - Throws: `TrainingError.noSolution`, `.libraryMissing`.
    init(
        _ moments: DiscriminantMoments, whitening: ClassWhitening, solver: LinearDiscriminantParameters.Solver, tolerance: Double
    ) throws(TrainingError) {
        let positions = moments.classes.indices
        let means = Points(whitening.whitened(moments.meanDifferences), dimensionCount: whitening.directionCount)
        let leastShare = solver == .svd ? tolerance : 0
        let axes = try means.axes(weights: moments.priors, leastShare: leastShare)
        let measured = solver == .svd ? means.projected(on: axes) : means
        let weights = whitening.inPixels(measured.coordinates)
        let intercepts = positions.map { position in
            let length = measured[position].reduce(0) { $0 + $1 * $1 }
            let fromOrigin = zip(moments.center, weights[position * Bitmap.pixelCount..<(position + 1) * Bitmap.pixelCount])
                .reduce(0) { $0 + $1.0 * $1.1 }
            return log(moments.priors[position]) - length / 2 - fromOrigin
        }
        var scalings: [Double] = []
        if solver != .lsqr {
            if let between = moments.shrunkCovarianceBetween {
                scalings = whitening.inPixels(try Self.widestAxes(of: between, under: whitening, count: positions.count - 1))
            } else {
                scalings = whitening.inPixels(axes.coordinates)
            }
        }
        for start in stride(from: 0, to: scalings.count, by: Bitmap.pixelCount) {
            SignConvention.apply(to: &scalings[start..<start + Bitmap.pixelCount])
        }
        payload = LinearDiscriminantPayload(
            machines: LinearPayload(weights: weights, intercepts: intercepts),
            center: solver == .svd ? moments.center : [Double](repeating: 0, count: Bitmap.pixelCount), scalings: scalings)
    }

    /// The discriminants, with the first components of the transform.
    ///
    /// - Parameter componentCount: fewer are there where classes differ in fewer directions.
    func payload(componentCount: Int) -> LinearDiscriminantPayload {
        LinearDiscriminantPayload(
            machines: payload.machines, center: payload.center,
            scalings: Array(payload.scalings.prefix(componentCount * Bitmap.pixelCount)))
    }
}

extension DiscriminantSolution {
    /// Orthonormal directions, one after the other, in which a whitened covariance is largest, the largest first.
    private static func widestAxes(
        of covariance: [Double], under whitening: ClassWhitening, count: Int
    ) throws(TrainingError) -> [Double] {
        let directionCount = whitening.directionCount
        // T C, row after row, of which the columns are then whitened: T C T^T.
        let half = whitening.whitened(covariance)
        let columns = (0..<directionCount).flatMap { direction in
            (0..<Bitmap.pixelCount).map { half[$0 * directionCount + direction] }
        }
        let eigensystem = try SymmetricEigensystem(whitening.whitened(columns), count: directionCount)
        return (max(0, directionCount - count)..<directionCount).reversed().flatMap { eigensystem.vector($0) }
    }

    /// A few points of some dimensions.
    private struct Points {
        /// Point after point.
        let coordinates: [Double]
        let dimensionCount: Int

        init(_ coordinates: [Double], dimensionCount: Int) {
            self.coordinates = coordinates
            self.dimensionCount = dimensionCount
        }

        var count: Int { coordinates.count / dimensionCount }

        subscript(index: Int) -> ArraySlice<Double> {
            coordinates[index * dimensionCount..<(index + 1) * dimensionCount]
        }

        /// Orthonormal directions in which the weighted points spread, the widest first, from the eigenvectors of their products.
        ///
        /// - Parameter leastShare: spreads that are not above this share of the largest are left out. They are square roots of
        ///   eigenvalues, so that less than about 3e-7 cannot be distinguished from 0.
        func axes(weights: [Double], leastShare: Double) throws(TrainingError) -> Points {
            let weighted = Points(
                weights.indices.flatMap { index in self[index].map { $0 * weights[index].squareRoot() } }, dimensionCount: dimensionCount)
            let products = weights.indices.flatMap { left in weights.indices.map { weighted.product(left, right: $0) } }
            let eigensystem = try SymmetricEigensystem(products, count: weights.count)
            let largest = max(0, eigensystem.values.last ?? 0)
            let least = largest * max(leastShare * leastShare, 1e-13)
            let kept = eigensystem.values.indices.reversed().filter { eigensystem.values[$0] > least }
            let axes = kept.flatMap { index in
                let length = eigensystem.values[index].squareRoot()
                let shares = eigensystem.vector(index).map { $0 / length }
                return weighted.combined(shares)
            }
            return Points(axes, dimensionCount: dimensionCount)
        }

        /// The points nearest to these in the space of orthonormal axes.
        func projected(on axes: Points) -> Points {
            Points(
                (0..<count).flatMap { index in
                    axes.combined((0..<axes.count).map { axis in zip(self[index], axes[axis]).reduce(0) { $0 + $1.0 * $1.1 } })
                }, dimensionCount: dimensionCount)
        }

        private func product(_ left: Int, right: Int) -> Double {
            zip(self[left], self[right]).reduce(0) { $0 + $1.0 * $1.1 }
        }

        private func combined(_ factors: [Double]) -> [Double] {
            var sum = [Double](repeating: 0, count: dimensionCount)
            for (index, factor) in factors.enumerated() {
                for (place, coordinate) in self[index].enumerated() { sum[place] += factor * coordinate }
            }
            return sum
        }
    }
}
