import CBitKernels

/// Points of real coordinates, laid out to be compared with one: blocks of eight, within a block all first coordinates, then all second ones, and
/// so on. The last block is filled up with the origin.
struct RealPoints: Sendable {
    /// Points, without the filling.
    let count: Int
    let dimensionCount: Int
    let blockCount: Int
    /// blockCount x dimensionCount x 8 points.
    private let coordinates: [Double]

    /// - Precondition: at least one point, all of the same number of coordinates.
    init(_ points: [[Double]]) {
        let blockPoints = BitmapBlocks.blockRows
        count = points.count
        dimensionCount = points[0].count
        blockCount = BitmapBlocks.blocks(rows: points.count)
        var coordinates = [Double](repeating: 0, count: blockCount * dimensionCount * blockPoints)
        for (index, point) in points.enumerated() {
            precondition(point.count == dimensionCount)
            let (block, lane) = index.quotientAndRemainder(dividingBy: blockPoints)
            for (dimension, coordinate) in point.enumerated() {
                coordinates[(block * dimensionCount + dimension) * blockPoints + lane] = coordinate
            }
        }
        self.coordinates = coordinates
    }

    /// The dot product of a point with each of these.
    func dotProducts(with point: [Double]) -> [Double] {
        withArguments(of: .dotProduct, to: point) { Array($0.prefix(count)) }
    }

    /// Calls `body` with the dot products or squared distances of a point and all of these and the filling, eight a block.
    func withArguments<Result>(
        of argument: SVMKernel.Argument, to point: [Double], _ body: (UnsafeMutableBufferPointer<Double>) -> Result
    ) -> Result {
        precondition(point.count == dimensionCount)
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: blockCount * BitmapBlocks.blockRows) { values in
            switch argument {
            case .dotProduct: bk_real_dot_products(point, coordinates, dimensionCount, blockCount, values.baseAddress)
            case .squaredDistance: bk_real_distances(point, coordinates, dimensionCount, blockCount, values.baseAddress)
            }
            return body(values)
        }
    }
}
