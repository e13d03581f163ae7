/// Eigenvalues and eigenvectors of a symmetric matrix, by LAPACK's `dsyevd` (divide and conquer).
struct SymmetricEigensystem {
    /// Ascending.
    let values: [Double]
    /// n x n: row i is the eigenvector of the i-th value, of length 1. Its sign, which LAPACK leaves open, is chosen so that its element of
    /// largest magnitude, the first of equal ones, is positive.
    let vectors: [Double]

    /// - Parameters:
    ///   - matrix: n x n; its lower half is read.
    ///   - count: n, 1 or more.
    /// - Throws: `TrainingError.noSolution` for a matrix with numbers that are not finite, or one that defeats the algorithm;
    ///   `.libraryMissing`.
    init(_ matrix: [Double], count: Int) throws(TrainingError) {
        precondition(count >= 1 && matrix.count == count * count)
        guard matrix.allSatisfy(\.isFinite) else { throw .noSolution(reason: "a symmetric matrix holds numbers that are not finite") }
        var vectors = matrix
        var values = [Double](repeating: 0, count: count)
        let job = CChar(UInt8(ascii: "V"))
        let status = try LAPACK.loaded().dsyevd(LAPACK.columnMajor, job, LAPACK.lower, Int32(count), &vectors, Int32(count), &values)
        guard status == 0 else { throw .noSolution(reason: "LAPACK's dsyevd ended with status \(status)") }
        for row in 0..<count { SignConvention.apply(to: &vectors[row * count..<(row + 1) * count]) }
        self.values = values
        self.vectors = vectors
    }

    /// The eigenvector of the i-th value.
    func vector(_ index: Int) -> ArraySlice<Double> {
        vectors[index * values.count..<(index + 1) * values.count]
    }
}

/// Directions are the same whether they point forward or back; here the element of largest magnitude, the first of equal ones, is positive.
enum SignConvention {
    static func apply(to direction: inout ArraySlice<Double>) {
        var largest = 0.0
        for element in direction where abs(element) > abs(largest) { largest = element }
        if largest < 0 { for place in direction.indices { direction[place] = -direction[place] } }
    }
}
