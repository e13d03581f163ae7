import CBitKernels

/// The sigmoids of all machines of a model, laid out to be computed eight at a time.
struct SigmoidBank: Sendable {
    private let slopes: [Double]
    private let offsets: [Double]

    /// - Precondition: at most 45 sigmoids.
    init(_ sigmoids: [PlattSigmoid]) {
        let filling = [Double](repeating: 0, count: SVMPredictor.DecisionValues.count - sigmoids.count)
        slopes = sigmoids.map(\.slope) + filling
        offsets = sigmoids.map(\.offset) + filling
    }

    /// The probability of the first class of each pair; 0.5 past the last machine.
    func probabilities(_ decisions: SVMPredictor.DecisionValues) -> SVMPredictor.DecisionValues {
        var probabilities = SVMPredictor.DecisionValues(repeating: 0)
        var output = probabilities.mutableSpan
        let input = decisions.span
        output.withUnsafeMutableBufferPointer { output in
            input.withUnsafeBufferPointer { input in
                bk_sigmoids(input.baseAddress, slopes, offsets, slopes.count / BitmapBlocks.blockRows, output.baseAddress)
            }
        }
        return probabilities
    }
}
