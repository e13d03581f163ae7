import Digits

/// What linear discriminant analysis knows of its training rows, whatever the solver.
struct DiscriminantMoments {
    /// Digits, ascending.
    let classes: [UInt8]
    /// The share of each class in the rows.
    let priors: [Double]
    /// Classes x 256: the mean of each class less that of all rows.
    let meanDifferences: [Double]
    /// 256: the mean of all rows.
    let center: [Double]
    /// 256 x 256: the covariance within classes, with the number of rows below, as all of scikit-learn's solvers have it.
    private(set) var covariance: [Double]
    /// 256 x 256: where covariances are shrunk, that of all rows less that within classes; else nil, for it follows from the means.
    private(set) var shrunkCovarianceBetween: [Double]?

    /// 256: of each pixel within classes; 1 in place of 0.
    var deviations: [Double] { variances.map { $0 > 0 ? $0.squareRoot() : 1 } }
    /// Pixels that vary within classes.
    var varyingPixelCount: Int { variances.count { $0 > 0 } }

    private var variances: [Double] { (0..<Bitmap.pixelCount).map { covariance[$0 * Bitmap.pixelCount + $0] } }

    /// - Throws: `TrainingError.noSolution` where there is no more than one row a class.
    init(_ rows: RowsByClass) throws(TrainingError) {
        let count = Bitmap.pixelCount
        let scatter = PixelScatter(rows)
        let rowCount = scatter.rowCount
        guard rowCount > Double(rows.classes.count) else {
            throw .noSolution(reason: "there is no more than one row a class, and nothing varies within classes")
        }
        let positions = rows.classes.indices
        let center = (0..<count).map { pixel in positions.reduce(0) { $0 + scatter.setCounts[$1 * count + pixel] } / rowCount }
        classes = rows.classes
        priors = scatter.rowCounts.map { $0 / rowCount }
        meanDifferences = positions.flatMap { position in (0..<count).map { scatter.mean(ofClass: position, pixel: $0) - center[$0] } }
        self.center = center
        covariance = scatter.withinClasses().map { $0 / rowCount }
    }

    /// The same with covariances that are shrunk.
    ///
    /// - Parameter rows: those that these moments are of.
    func shrunk(_ shrinkage: CovarianceShrinkage, rows: RowsByClass) -> DiscriminantMoments {
        var shrunk = self
        shrunk.covariance = shrinkage.covarianceWithinClasses(rows)
        shrunk.shrunkCovarianceBetween = zip(shrinkage.covariance(of: rows.bitmaps), shrunk.covariance).map { $0 - $1 }
        return shrunk
    }

    /// 256 x 256: the covariance within classes of pixels divided by their deviations, `shift` taken from its diagonal.
    func standardisedCovariance(shift: Double = 0) -> [Double] {
        let count = Bitmap.pixelCount
        let deviations = deviations
        var standardised = covariance
        for row in 0..<count {
            for column in 0..<count { standardised[row * count + column] /= deviations[row] * deviations[column] }
            standardised[row * count + row] -= shift
        }
        return standardised
    }
}
