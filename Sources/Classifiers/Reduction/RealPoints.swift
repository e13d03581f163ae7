#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Points of real coordinates, laid out to be compared with one another: all first coordinates, then all second ones, and so on, filled
/// up to whole blocks of eight with the origin.
struct RealPoints: Sendable {
    let count: Int
    let dimensionCount: Int
    private let paddedCount: Int
    private let coordinates: [Double]

    /// - Precondition: at least one point, all of the same number of coordinates.
    init(_ points: [[Double]]) {
        count = points.count
        dimensionCount = points[0].count
        paddedCount = BitmapBlocks.blocks(rows: points.count) * BitmapBlocks.blockRows
        var coordinates = [Double](repeating: 0, count: dimensionCount * paddedCount)
        for (index, point) in points.enumerated() {
            precondition(point.count == dimensionCount)
            for (dimension, coordinate) in point.enumerated() { coordinates[dimension * paddedCount + index] = coordinate }
        }
        self.coordinates = coordinates
    }

    func point(_ index: Int) -> [Double] {
        (0..<dimensionCount).map { coordinates[$0 * paddedCount + index] }
    }

    /// The rbf kernel exp(-gamma |x - z|^2) of a point with all of these and the filling.
    func kernelValues(of point: [Double], gamma: Double, into values: UnsafeMutablePointer<Float>) {
        precondition(point.count == dimensionCount)
        coordinates.withUnsafeBytes { bytes in
            for start in stride(from: 0, to: paddedCount, by: 8) {
                var distances = SIMD8<Double>.zero
                for dimension in 0..<dimensionCount {
                    let offset = (dimension * paddedCount + start) * MemoryLayout<Double>.stride
                    let difference = bytes.loadUnaligned(fromByteOffset: offset, as: SIMD8<Double>.self) - point[dimension]
                    distances += difference * difference
                }
                for lane in 0..<8 { values[start + lane] = Float(exp(-gamma * distances[lane])) }
            }
        }
    }
}
