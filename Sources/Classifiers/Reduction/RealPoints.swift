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

/// A kernel on points of real coordinates. Training reads it in single precision, as in LIBSVM's kernel cache; predictions in double, as LIBSVM's.
struct RealKernel: Hashable, Sendable {
    private let function: KernelFunction

    init(kernel: SVMKernel, gamma: Double) {
        function = KernelFunction(kernel: kernel, gamma: gamma)
    }

    /// The kernel of a point with itself, in double precision as `KernelTable` has it.
    func diagonal(_ point: [Double]) -> Double {
        switch function.kernel.argument {
        case .dotProduct: function.value(of: point.reduce(0) { $0 + $1 * $1 })
        case .squaredDistance: function.value(of: 0)
        }
    }

    /// The kernel of two points, in double precision.
    func value(_ x: [Double], _ z: [Double]) -> Double {
        switch function.kernel.argument {
        case .dotProduct: function.value(of: zip(x, z).reduce(0) { $0 + $1.0 * $1.1 })
        case .squaredDistance: function.value(of: zip(x, z).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) })
        }
    }

    /// The kernel of a point with others and their filling; `values` holds eight elements a block.
    func values(of point: [Double], with others: RealPoints, into values: UnsafeMutablePointer<Float>) {
        others.withArguments(of: function.kernel.argument, to: point) { arguments in
            for (place, argument) in arguments.enumerated() { values[place] = Float(function.value(of: argument)) }
        }
    }

    /// Calls `body` with the kernel of a point with others and their filling, eight a block, in double precision.
    func withValues<Result>(of point: [Double], with others: RealPoints, _ body: (UnsafeMutableBufferPointer<Double>) -> Result) -> Result {
        others.withArguments(of: function.kernel.argument, to: point) { values in
            for place in values.indices { values[place] = function.value(of: values[place]) }
            return body(values)
        }
    }
}
