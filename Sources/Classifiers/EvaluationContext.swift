import Digits
import Synchronization

/// One data set and what all candidates evaluated on it have in common, computed when first asked for and kept.
///
/// Nothing in it depends on a fold, a candidate or a seed, so that it may be shared by all of them and across threads.
public final class EvaluationContext: Sendable {
    public let dataset: DigitDataset
    private let dotProductMatrix = Mutex<DotProductMatrix?>(nil)

    public init(dataset: DigitDataset) {
        self.dataset = dataset
    }

    /// The dot products of all pairs of rows; nil past `DotProductMatrix.largestRowCount` rows, where it would take too much memory.
    public var dotProducts: DotProductMatrix? {
        dotProductMatrix.withLock { matrix in
            if matrix == nil { matrix = DotProductMatrix(bitmaps: dataset.bitmaps) }
            return matrix
        }
    }
}
