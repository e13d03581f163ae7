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
/// With S the covariance within classes, m_c the mean of class c and P_c its share of the rows, the digit is that of the largest
///
///     x . S^-1 m_c - 1/2 m_c . S^-1 m_c + log P_c
///
/// Fisher, "The Use of Multiple Measurements in Taxonomic Problems", Annals of Eugenics 7 (1936); Hastie, Tibshirani, Friedman, "The Elements of
/// Statistical Learning", 2nd ed., section 4.3. S^-1 is T^T T, T being the whitening that the eigenvectors of the covariance of standardised pixels
/// give; scikit-learn's three solvers take different roads to it, and differ here only where they give different numbers:
///
/// - `svd` divides by rows - classes and measures from the overall mean;
/// - `lsqr` and `eigen` divide by rows; `eigen` has the transform besides, `lsqr` none.
///
/// Pixels that are the same in all rows of each class, and whatever else makes S singular, leave directions in which nothing varies. All
/// three leave them out, as scikit-learn's `svd` does; its `lsqr` takes the shortest of many solutions, which is to leave them out as well,
/// and its `eigen` gives up with an error.
struct DiscriminantSolution {
    let classes: [UInt8]
    private let priors: [Double]
    /// classes x 256
    private let means: [Double]
    /// 256: of all rows.
    private let center: [Double]
    /// directions x 256: T, by which the covariance within classes, with rows - classes below, becomes 1.
    private let whitening: [Double]
    private let directionCount: Int
    /// Rows over rows - classes: what the covariances of the solvers differ by.
    private let freedom: Double

    private static let pixelCount = Bitmap.pixelCount

    /// - Throws: `TrainingError.noSolution` where no direction varies within classes.
    init(_ rows: RowsByClass, tolerance: Double) throws(TrainingError) {
        let count = DiscriminantSolution.pixelCount
        let scatter = PixelScatter(rows)
        classes = rows.classes
        let rowCount = scatter.rowCount
        guard rowCount > Double(rows.classes.count) else {
            throw .noSolution(reason: "there is no more than one row a class, and nothing varies within classes")
        }
        freedom = rowCount / (rowCount - Double(rows.classes.count))
        priors = scatter.rowCounts.map { $0 / rowCount }
        means = rows.classes.indices.flatMap { position in (0..<count).map { scatter.mean(ofClass: position, pixel: $0) } }
        center = (0..<count).map { pixel in
            rows.classes.indices.reduce(0) { $0 + scatter.setCounts[$1 * count + pixel] } / rowCount
        }
        let within = scatter.withinClasses()
        let deviations = (0..<count).map { pixel in
            let variance = within[pixel * count + pixel] / rowCount
            return variance > 0 ? variance.squareRoot() : 1
        }
        var standardised = within
        for row in 0..<count {
            for column in 0..<count {
                standardised[row * count + column] *= freedom / (rowCount * deviations[row] * deviations[column])
            }
        }
        if Task.isCancelled { throw .cancelled }
        let eigensystem = try SymmetricEigensystem(standardised, count: count)
        let kept = eigensystem.values.indices.reversed().filter { eigensystem.values[$0] > tolerance * tolerance }
        guard !kept.isEmpty else { throw .noSolution(reason: "no pixel varies within classes") }
        directionCount = kept.count
        whitening = kept.flatMap { index in
            let scale = 1 / eigensystem.values[index].squareRoot()
            return zip(eigensystem.vector(index), deviations).map { $0 / $1 * scale }
        }
    }

    /// The discriminants, one a class, and the transform.
    ///
    /// - Parameter componentCount: directions of the transform, fewer where classes differ in fewer.
    /// - Throws: `TrainingError.noSolution`.
    func payload(solver: LinearDiscriminantParameters.Solver, componentCount: Int) throws(TrainingError) -> LinearDiscriminantPayload {
        let count = DiscriminantSolution.pixelCount
        let isCentered = solver == .svd
        let scale = isCentered ? 1 : freedom
        var weights: [Double] = []
        var intercepts: [Double] = []
        for position in classes.indices {
            let mean = means[position * count..<(position + 1) * count]
            let measured = isCentered ? zip(mean, center).map { $0 - $1 } : Array(mean)
            let whitened = whitened(measured)
            let ofClass = (0..<count).map { pixel in
                scale * (0..<directionCount).reduce(0) { $0 + whitened[$1] * whitening[$1 * count + pixel] }
            }
            let constant = log(priors[position]) - scale * whitened.reduce(0) { $0 + $1 * $1 } / 2
            weights += ofClass
            intercepts.append(isCentered ? constant - zip(center, ofClass).reduce(0) { $0 + $1.0 * $1.1 } : constant)
        }
        return LinearDiscriminantPayload(
            machines: LinearPayload(weights: weights, intercepts: intercepts),
            center: isCentered ? center : [Double](repeating: 0, count: count),
            scalings: solver == .lsqr ? [] : try scalings(scale: scale, componentCount: componentCount))
    }

    /// The directions that separate the classes most, the best first: components x 256.
    ///
    /// The eigenvectors of the covariance between classes after whitening, from those of the small matrix of the class means' products.
    private func scalings(scale: Double, componentCount: Int) throws(TrainingError) -> [Double] {
        let count = DiscriminantSolution.pixelCount
        let points = classes.indices.map { position in
            whitened((0..<count).map { means[position * count + $0] - center[$0] }).map { $0 * priors[position].squareRoot() }
        }
        let products = points.flatMap { left in points.map { right in zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } } }
        let eigensystem = try SymmetricEigensystem(products, count: points.count)
        let largest = max(eigensystem.values.last ?? 0, 0)
        // A singular value counts from `tol` times the largest on in scikit-learn; these are their squares, and exact to about 1e-16.
        let kept = eigensystem.values.indices.reversed().filter { eigensystem.values[$0] > largest * 1e-8 }.prefix(componentCount)
        return kept.flatMap { index -> [Double] in
            let vector = Array(eigensystem.vector(index))
            let length = eigensystem.values[index].squareRoot()
            let direction = (0..<directionCount).map { place in
                points.indices.reduce(0) { $0 + vector[$1] * points[$1][place] } / length
            }
            return (0..<count).map { pixel in
                scale.squareRoot() * (0..<directionCount).reduce(0) { $0 + direction[$1] * whitening[$1 * count + pixel] }
            }
        }
    }

    /// T times 256 numbers.
    private func whitened(_ values: [Double]) -> [Double] {
        let count = DiscriminantSolution.pixelCount
        return (0..<directionCount).map { row in
            var sum = 0.0
            for pixel in 0..<count { sum += whitening[row * count + pixel] * values[pixel] }
            return sum
        }
    }
}
