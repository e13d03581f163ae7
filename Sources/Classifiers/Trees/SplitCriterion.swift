#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a split is judged by, in scikit-learn's spelling: how mixed the classes are on its two sides.
public enum SplitCriterion: String, CaseIterable, Hashable, Sendable {
    /// 1 - sum over classes of share^2
    case gini
    /// -sum over classes of share log2(share)
    case entropy

    /// n log2 n for n in 0...rowCount, of which the entropy of any split is a sum; empty for Gini's criterion, which needs none.
    func entropyTerms(rowCount: Int) -> [Double] {
        switch self {
        case .gini: []
        case .entropy: (0...rowCount).map { $0 < 2 ? 0 : Double($0) * log2(Double($0)) }
        }
    }
}
