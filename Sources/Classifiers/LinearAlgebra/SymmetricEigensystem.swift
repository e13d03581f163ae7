internal import CLAPACK

/// Eigenvalues and eigenvectors of a symmetric matrix, by LAPACK's `dsyevd` (divide and conquer).
///
/// OpenBLAS gets one thread: a search runs as many jobs as there are processors, and with more threads the last bits would depend on how many.
struct SymmetricEigensystem {
    /// Ascending.
    let values: [Double]
    /// n x n: row i is the eigenvector of the i-th value, of length 1. Its sign is that which makes its element of largest magnitude, the first
    /// of equal ones, positive: LAPACK leaves it open.
    let vectors: [Double]

    private static let oneThread: Void = openblas_set_num_threads(1)

    /// - Parameters:
    ///   - matrix: n x n; its lower half is read.
    ///   - count: n, 1 or more.
    /// - Throws: `TrainingError.noSolution` for a matrix with numbers that are not finite, or one that defeats the algorithm.
    init(_ matrix: [Double], count: Int) throws(TrainingError) {
        precondition(count >= 1 && matrix.count == count * count)
        _ = SymmetricEigensystem.oneThread
        guard matrix.allSatisfy(\.isFinite) else { throw .noSolution(reason: "a covariance matrix holds numbers that are not finite") }
        var vectors = matrix
        var values = [Double](repeating: 0, count: count)
        let job = CChar(UInt8(ascii: "V"))
        let lower = CChar(UInt8(ascii: "L"))
        let status = LAPACKE_dsyevd(
            Int32(digitd_lapack_column_major), job, lower, Int32(count), &vectors, Int32(count), &values)
        guard status == 0 else { throw .noSolution(reason: "LAPACK's dsyevd ended with status \(status)") }
        for row in 0..<count {
            let range = row * count..<(row + 1) * count
            let largest = range.max { abs(vectors[$0]) < abs(vectors[$1]) } ?? range.lowerBound
            if vectors[largest] < 0 { for place in range { vectors[place] = -vectors[place] } }
        }
        self.values = values
        self.vectors = vectors
    }

    /// The eigenvector of the i-th value.
    func vector(_ index: Int) -> ArraySlice<Double> {
        vectors[index * values.count..<(index + 1) * values.count]
    }
}
