/// The lower triangular L of a positive definite matrix A = L L^T, by LAPACK's `dpotrf`.
struct CholeskyFactor {
    private let factor: [Double]
    private let count: Int
    private let lapack: LAPACK

    /// - Parameters:
    ///   - matrix: n x n, symmetric.
    ///   - count: n, 1 or more.
    /// - Returns: nil for a matrix that is not positive definite to within rounding.
    /// - Throws: `TrainingError.libraryMissing`.
    init?(_ matrix: [Double], count: Int) throws(TrainingError) {
        precondition(count >= 1 && matrix.count == count * count)
        lapack = try LAPACK.loaded()
        var factor = matrix
        // A positive status is the order of the first minor that is not positive; it is negative for a number that is not finite.
        guard lapack.dpotrf(LAPACK.columnMajor, LAPACK.lower, Int32(count), &factor, Int32(count)) == 0 else { return nil }
        self.factor = factor
        self.count = count
    }

    /// L^-1 times vectors of n numbers, one after the other.
    func dividing(_ vectors: [Double]) -> [Double] { solved(vectors, transposed: "N") }

    /// L^-T times vectors of n numbers, one after the other.
    func transposedDividing(_ vectors: [Double]) -> [Double] { solved(vectors, transposed: "T") }

    private func solved(_ vectors: [Double], transposed: Unicode.Scalar) -> [Double] {
        precondition(vectors.count.isMultiple(of: count))
        if vectors.isEmpty { return [] }
        var solutions = vectors
        let status = lapack.dtrtrs(
            LAPACK.columnMajor, LAPACK.lower, CChar(UInt8(ascii: transposed)), CChar(UInt8(ascii: "N")), Int32(count),
            Int32(vectors.count / count), factor, Int32(count), &solutions, Int32(count))
        precondition(status == 0, "the diagonal of a factor is positive")
        return solutions
    }
}
