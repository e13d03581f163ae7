/// What can be wrong with digits, data sets and folds that come from outside.
public enum DigitsError: Error, Hashable, Sendable {
    case rowCountMismatch(bitmapCount: Int, labelCount: Int)
    case labelOutOfRange(row: Int, found: Int)
    case foldNegative(row: Int, found: Int)
    case foldMissing(fold: Int, foldCount: Int)
    case tooFewFolds(found: Int)
}
