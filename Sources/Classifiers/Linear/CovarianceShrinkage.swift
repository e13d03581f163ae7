import Digits

/// How far a covariance is drawn towards one in which all pixels vary alike and none together: scikit-learn's `shrinkage`.
///
/// Of a covariance C of p pixels what is left is (1 - s) C + s m 1, with m the mean of its diagonal and s between 0 and 1. With s above 0 it is
/// regular, whatever the number of rows.
public enum CovarianceShrinkage: Hashable, Sendable {
    /// `auto`: s as Ledoit and Wolf have it, of each class for itself, from pixels divided by their deviations.
    case ledoitWolf
    /// A number from 0 to 1.
    case number(Double)

    init?(_ values: ParameterValues, _ name: String) throws(TrainingError) {
        switch values[name] {
        case nil, .null?: return nil
        case .text("auto")?: self = .ledoitWolf
        case .integer(let whole)? where (0...1).contains(whole): self = .number(Double(whole))
        case .number(let number)? where (0...1).contains(number): self = .number(number)
        case let found?: throw .invalidParameter(name: name, found: found, expected: "auto, a number from 0 to 1, or null")
        }
    }

    var value: ParameterValue {
        switch self {
        case .ledoitWolf: .text("auto")
        case .number(let number): .spelled(number)
        }
    }

    /// 256 x 256: the shrunk covariance within classes, each class's weighing as its share of the rows.
    func covarianceWithinClasses(_ rows: RowsByClass) -> [Double] {
        var sum = [Double](repeating: 0, count: Bitmap.pixelCount * Bitmap.pixelCount)
        for position in rows.classes.indices {
            let bitmaps = Array(rows.bitmaps[rows.range(ofClass: position)])
            let share = Double(bitmaps.count) / Double(rows.bitmaps.count)
            for (place, value) in covariance(of: bitmaps).enumerated() { sum[place] += share * value }
        }
        return sum
    }

    /// 256 x 256: the shrunk covariance of rows around their mean.
    func covariance(of bitmaps: [Bitmap]) -> [Double] {
        let scatter = PixelScatter(bitmaps)
        let covariance = scatter.withinClasses().map { $0 / scatter.rowCount }
        switch self {
        case .number(let share): return CovarianceShrinkage.shrunk(covariance, by: share)
        case .ledoitWolf:
            let count = Bitmap.pixelCount
            let deviations = (0..<count).map { pixel in
                let variance = covariance[pixel * count + pixel]
                return variance > 0 ? variance.squareRoot() : 1
            }
            var correlation = covariance
            for row in 0..<count {
                for column in 0..<count { correlation[row * count + column] /= deviations[row] * deviations[column] }
            }
            let share = CovarianceShrinkage.ledoitWolfShare(bitmaps, scatter: scatter, correlation: correlation)
            var shrunk = CovarianceShrinkage.shrunk(correlation, by: share)
            for row in 0..<count {
                for column in 0..<count { shrunk[row * count + column] *= deviations[row] * deviations[column] }
            }
            return shrunk
        }
    }

    /// The share that in expectation comes nearest to the true covariance: Ledoit, Wolf, "A Well-Conditioned Estimator for Large-Dimensional
    /// Covariance Matrices", Journal of Multivariate Analysis 88 (2004), section 3.3.
    ///
    /// With x the standardised rows, R their correlation and m the mean of its diagonal it is b / d, at most 1:
    ///
    ///     d = |R - m 1|^2 / p          b = (sum over rows of |x|^4 / n - |R|^2) / (p n)
    ///
    /// A bit of mean q is standardised to a square of (1 - q) / q where it is set and of q / (1 - q) where not, and to 0 where it is always the
    /// same.
    static func ledoitWolfShare(_ bitmaps: [Bitmap], scatter: PixelScatter, correlation: [Double]) -> Double {
        let count = Bitmap.pixelCount
        let rowCount = Double(bitmaps.count)
        let squares = (0..<count).map { pixel -> (set: Double, unset: Double) in
            let mean = scatter.mean(ofClass: 0, pixel: pixel)
            return mean > 0 && mean < 1 ? ((1 - mean) / mean, mean / (1 - mean)) : (0, 0)
        }
        let fourthPowers = bitmaps.reduce(0.0) { sum, bitmap in
            let length = squares.indices.reduce(0) { $0 + (bitmap[$1] ? squares[$1].set : squares[$1].unset) }
            return sum + length * length
        }
        let norm = correlation.reduce(0) { $0 + $1 * $1 }
        let mean = (0..<count).reduce(0) { $0 + correlation[$1 * count + $1] } / Double(count)
        let distance = norm / Double(count) - mean * mean
        let error = min((fourthPowers / rowCount - norm) / (Double(count) * rowCount), distance)
        return error == 0 ? 0 : error / distance
    }

    private static func shrunk(_ covariance: [Double], by share: Double) -> [Double] {
        let count = Bitmap.pixelCount
        let mean = (0..<count).reduce(0) { $0 + covariance[$1 * count + $1] } / Double(count)
        var shrunk = covariance.map { (1 - share) * $0 }
        for pixel in 0..<count { shrunk[pixel * count + pixel] += share * mean }
        return shrunk
    }
}
