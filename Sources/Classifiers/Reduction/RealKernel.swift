/// A kernel with its gamma, on points of real coordinates. Values are single precision, as in LIBSVM's kernel cache.
struct RealKernel: Hashable, Sendable {
    let kernel: SVMKernel
    let gamma: Double

    /// The kernel of a point with itself, in double precision as `KernelTable` has it.
    func diagonal(_ point: [Double]) -> Double {
        switch kernel.argument {
        case .dotProduct: kernel.value(of: point.reduce(0) { $0 + $1 * $1 }, gamma: gamma)
        case .squaredDistance: kernel.value(of: 0, gamma: gamma)
        }
    }

    /// The kernel of a point with others and their filling; `values` holds eight elements a block.
    func values(of point: [Double], with others: RealPoints, into values: UnsafeMutablePointer<Float>) {
        others.withArguments(of: kernel.argument, to: point) { arguments in
            for (place, argument) in arguments.enumerated() { values[place] = Float(kernel.value(of: argument, gamma: gamma)) }
        }
    }
}
