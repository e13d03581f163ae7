import Digits

/// How many principal components are kept.
public struct PrincipalComponentsParameters: Hashable, Sendable {
    /// What decides the number.
    public enum Kept: Hashable, Sendable {
        /// So many, 1 or more; at most 256, and at most as many as rows.
        case count(Int)
        /// As few as explain more than this share of the variance, above 0 and below 1; all for 1.
        case varianceShare(Double)
    }

    public let kept: Kept

    /// - Throws: `TrainingError.invalidParameter` for a number below 1 or past 256, or a share outside (0, 1].
    public init(_ kept: Kept) throws(TrainingError) {
        switch kept {
        case .count(let count) where !(1...Bitmap.pixelCount).contains(count):
            throw .invalidParameter(name: "n_components", found: .integer(count), expected: "a whole number from 1 to \(Bitmap.pixelCount)")
        case .varianceShare(let share) where !(share > 0 && share <= 1):
            throw .invalidParameter(name: "variance", found: .number(share), expected: "a share above 0 and up to 1")
        default: self.kept = kept
        }
    }

    /// Finds the components of some rows of a data set. The seed of a search has no part in it.
    ///
    /// - Throws: `TrainingError.rowOutOfRange`; `.invalidParameter` for more components than rows; `.noSolution` for fewer than two
    ///   rows, or rows that are all equal; `.cancelled`.
    public func fit(_ dataset: DigitDataset, rows: [Int]) throws(TrainingError) -> PrincipalComponents {
        if Task.isCancelled { throw .cancelled }
        if let stranger = rows.first(where: { !dataset.bitmaps.indices.contains($0) }) {
            throw .rowOutOfRange(found: stranger, rowCount: dataset.count)
        }
        if case .count(let count) = kept, count > rows.count {
            throw .invalidParameter(
                name: "n_components", found: .integer(count), expected: "at most \(rows.count), the number of rows")
        }
        return try PrincipalComponents(rows.map { dataset.bitmaps[$0] }, kept: kept)
    }
}

/// The directions in which bitmaps vary most, and bitmaps measured along them.
///
/// The eigenvectors of the covariance of the 256 pixels, those of the largest eigenvalues first: Pearson, "On Lines and Planes of Closest Fit to
/// Systems of Points in Space", Philosophical Magazine 2 (1901); Jolliffe, "Principal Component Analysis", 2nd ed. (2002), chapter 1. The
/// covariance is that of counts by popcount, divided by rows - 1, and decomposed whole, so that nothing is left to chance: as
/// scikit-learn's `PCA(svd_solver="full")`. The sign of a component is open; here its element of largest magnitude is positive.
public struct PrincipalComponents: Sendable {
    /// 256: the mean of each pixel.
    public let mean: [Double]
    /// components x 256, orthonormal.
    public let components: [Double]
    /// Of each component kept, descending; the variance of the rows along it.
    public let variances: [Double]
    /// Of all pixels together.
    public let totalVariance: Double
    /// The components, laid out for products with a bitmap.
    private let axes: RealPoints
    /// The mean measured along each component.
    private let meanAlong: [Double]

    public var componentCount: Int { variances.count }

    /// The share of the variance that the components explain, 0...1.
    public var explainedShare: Double { variances.reduce(0, +) / totalVariance }

    init(_ bitmaps: [Bitmap], kept: PrincipalComponentsParameters.Kept) throws(TrainingError) {
        guard bitmaps.count >= 2 else { throw .noSolution(reason: "one row does not vary") }
        let count = Bitmap.pixelCount
        let scatter = PixelScatter(bitmaps)
        let freedom = Double(bitmaps.count - 1)
        let eigensystem = try SymmetricEigensystem(scatter.withinClasses().map { $0 / freedom }, count: count)
        // Rounding may leave a variance of 0 slightly negative.
        let descending = eigensystem.values.reversed().map { max($0, 0) }
        let total = descending.reduce(0, +)
        guard total > 0 else { throw .noSolution(reason: "all rows are equal") }
        let keptCount: Int
        switch kept {
        case .count(let wanted): keptCount = wanted
        case .varianceShare(1): keptCount = min(count, bitmaps.count)
        case .varianceShare(let share):
            var sum = 0.0
            let needed = descending.firstIndex { variance in
                sum += variance
                return sum / total > share
            }
            keptCount = needed.map { $0 + 1 } ?? min(count, bitmaps.count)
        }
        let vectors = (0..<keptCount).map { Array(eigensystem.vector(count - 1 - $0)) }
        mean = (0..<count).map { scatter.mean(ofClass: 0, pixel: $0) }
        components = vectors.flatMap { $0 }
        axes = RealPoints(vectors)
        meanAlong = axes.dotProducts(with: mean)
        variances = Array(descending.prefix(keptCount))
        totalVariance = total
    }

    /// How far the bitmap lies along each component from the mean: `componentCount` numbers.
    public func transform(_ bitmap: Bitmap) -> [Double] {
        let lengths = axes.dotProducts(with: (0..<Bitmap.pixelCount).map { bitmap[$0] ? 1 : 0 })
        return zip(lengths, meanAlong).map { $0 - $1 }
    }

    /// The grey picture that a transformed bitmap stands for: 256 numbers, about 0 for paper and 1 for ink.
    ///
    /// - Precondition: `componentCount` numbers.
    public func inverseTransform(_ point: [Double]) -> [Double] {
        precondition(point.count == componentCount)
        var pixels = mean
        for (component, length) in point.enumerated() {
            for pixel in 0..<Bitmap.pixelCount { pixels[pixel] += length * components[component * Bitmap.pixelCount + pixel] }
        }
        return pixels
    }

    /// The mean over bitmaps and pixels of the squared difference between a bitmap and what comes back of it.
    public func reconstructionError(of bitmaps: [Bitmap]) -> Double {
        var sum = 0.0
        for bitmap in bitmaps {
            let restored = inverseTransform(transform(bitmap))
            for pixel in 0..<Bitmap.pixelCount {
                let difference = restored[pixel] - (bitmap[pixel] ? 1 : 0)
                sum += difference * difference
            }
        }
        return sum / Double(bitmaps.count * Bitmap.pixelCount)
    }
}
