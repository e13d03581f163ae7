import Digits
import ModelSelection

/// The folds on which the candidates of a search are compared with the model in service: of the same rows, but drawn anew.
///
/// They have as many folds as the search, but no more than ten. What "anew" means depends on how the search's folds came about:
///
/// - Stratified folds, and leave-one-out: stratified folds of a seed of their own.
/// - Blocks: blocks of the same length that start elsewhere, so that rows that lie side by side stay together. The last goes on at the first row. The
///   first start is drawn, and each repeat is a part of a block further on: no two have the same blocks, if a block has six rows or more.
/// - Given folds: rows that were put together may belong together, as those of one writer do, so that a fold is never split. Ten folds and more
///   are joined at random, two or more at a time. Fewer stay as they are, and are compared once: there is no other way to draw them.
///
/// Three repeats, fewer for many rows (`rowLimit`): later repeats lessen only what chance there is in drawing folds and fitting models.
struct ComparisonFolds: Sendable {
    /// One repeat: a fold of every row, and what decides the randomness of fitting.
    struct Repeat: Sendable {
        let folds: FoldAssignment
        let seed: UInt64
    }

    let repeats: [Repeat]
    /// Folds of each repeat.
    let foldCount: Int

    static let largestRepeatCount = 3
    /// As many rows altogether are answered in all repeats at most, save that one repeat answers them all.
    static let rowLimit = 30_000
    private static let largestFoldCount = 10

    /// - Parameters:
    ///   - search: whose rows, folds and seed they follow from, and nothing else.
    ///   - kind: how the search's folds came about.
    /// - Throws: `DigitsError.tooFewRows` where a digit has but one row, which only leave-one-out and given folds allow.
    init(of search: GridSearch, kind: SearchReport.Folds.Kind) throws(DigitsError) {
        let labels = search.dataset.labels
        let isFixed = kind == .file && search.folds.foldCount < ComparisonFolds.largestFoldCount
        let foldCount =
            switch kind {
            case .stratified, .blocks: min(search.folds.foldCount, ComparisonFolds.largestFoldCount)
            case .leaveOneOut: ComparisonFolds.foldCount(forRowsOf: labels)
            case .file: isFixed ? search.folds.foldCount : min(search.folds.foldCount / 2, ComparisonFolds.largestFoldCount)
            }
        let repeatCount = isFixed ? 1 : min(max(ComparisonFolds.rowLimit / labels.count, 1), ComparisonFolds.largestRepeatCount)
        let shift = max(1, labels.count / foldCount / repeatCount)
        var starts = RandomStream(seed: search.seed, purpose: .comparisonFolds, index: repeatCount)
        let firstStart = 1 + starts.integer(below: max(1, shift - 1))
        var repeats: [Repeat] = []
        for number in 0..<repeatCount {
            var stream = RandomStream(seed: search.seed, purpose: .comparisonFolds, index: number)
            let seed = stream.next()
            let folds: FoldAssignment =
                switch kind {
                case .stratified, .leaveOneOut: try .stratified(labels: labels, foldCount: foldCount, seed: stream.next())
                case .blocks: try .blocks(rowCount: labels.count, foldCount: foldCount, start: firstStart + number * shift)
                case .file: isFixed ? search.folds : try search.folds.joined(into: foldCount, stream: &stream)
                }
            repeats.append(Repeat(folds: folds, seed: seed))
        }
        self.repeats = repeats
        self.foldCount = foldCount
    }

    /// As many folds as the rarest digit has rows, two or more.
    private static func foldCount(forRowsOf labels: [UInt8]) -> Int {
        let counts = labels.reduce(into: [UInt8: Int]()) { $0[$1, default: 0] += 1 }
        return max(2, min(counts.values.min() ?? 0, largestFoldCount))
    }
}

extension FoldAssignment {
    /// Blocks of consecutive rows, of which the first starts at a row and the last goes on at row 0.
    fileprivate static func blocks(rowCount: Int, foldCount: Int, start: Int) throws(DigitsError) -> FoldAssignment {
        let blocks = try FoldAssignment.blocks(rowCount: rowCount, foldCount: foldCount).foldOfRow
        return try FoldAssignment(foldOfRow: (0..<rowCount).map { blocks[($0 + rowCount - start % rowCount) % rowCount] })
    }

    /// Fewer folds, each of which joins as many of these, or one more, as any other.
    fileprivate func joined(into joinedCount: Int, stream: inout RandomStream) throws(DigitsError) -> FoldAssignment {
        var joined = (0..<foldCount).map { $0 % joinedCount }
        stream.shuffle(&joined)
        return try FoldAssignment(foldOfRow: foldOfRow.map { joined[$0] })
    }
}
