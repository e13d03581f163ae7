import Digits

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How much the vote of a neighbour counts.
///
/// By distance that is scikit-learn's `weights="distance"`: the inverse of the Minkowski distance, which of bitmaps that differ in d pixels is
/// d^(1/p); where some neighbours are equal to the bitmap, they alone vote, and count alike. Dudani, "The Distance-Weighted k-Nearest-Neighbor
/// Rule", IEEE Transactions on Systems, Man, and Cybernetics 6 (1976), equation 2.
struct NeighborWeights: Sendable {
    /// By number of pixels that differ, 0...256; nil where all votes count alike.
    private let weightOfDistance: [Double]?

    static let uniform = NeighborWeights(weightOfDistance: nil)

    /// - Parameter p: the order of the Minkowski distance, above 0.
    static func inverseDistance(p: Double) -> NeighborWeights {
        // Nothing is divided by the distance 0: such rows vote alone.
        let weights = [1] + (1...Bitmap.pixelCount).map { pow(Double($0), -1 / p) }
        // For p near 0 all but the closest are too far for doubles, and their votes count alike.
        return weights[Bitmap.pixelCount] == 0 ? .uniform : NeighborWeights(weightOfDistance: weights)
    }

    private init(weightOfDistance: [Double]?) {
        self.weightOfDistance = weightOfDistance
    }

    /// The weight of a neighbour, beside the nearest one of all.
    ///
    /// - Parameters:
    ///   - nearest: in how many pixels the nearest neighbour differs.
    ///   - distance: in how many this one does; computed only where it matters.
    func weight(nearest: @autoclosure () -> Int, distance: @autoclosure () -> Int) -> Double {
        guard let weightOfDistance else { return 1 }
        let differingPixelCount = distance()
        return differingPixelCount > 0 && nearest() == 0 ? 0 : weightOfDistance[differingPixelCount]
    }
}
