import Classifiers
import Digits
import ModelSelection
import Testing

@testable import Experiments

@Suite struct ComparisonFoldsTests {
    private static let rows = SyntheticDigits.dataset(rowCount: 300, seed: 4)
    private static let space = SearchSpace(
        rows: [SearchSpace.Row(candidate: Candidate(GaussianNaiveBayesParameters()), params: ParameterValues())])

    private func search(_ folds: FoldAssignment, rows: DigitDataset = ComparisonFoldsTests.rows, seed: UInt64 = 7) throws -> GridSearch {
        try GridSearch(space: ComparisonFoldsTests.space, dataset: rows, folds: folds, seed: seed)
    }

    private func stratified(_ foldCount: Int, rows: DigitDataset = ComparisonFoldsTests.rows, seed: UInt64 = 7) throws -> FoldAssignment {
        try .stratified(labels: rows.labels, foldCount: foldCount, seed: seed)
    }

    @Test("stratified folds are drawn three times, each anew, and the same for the same seed")
    func stratified() throws {
        let search = try search(stratified(5))
        let folds = try ComparisonFolds(of: search, kind: .stratified)
        #expect(folds.foldCount == 5)
        #expect(Set(folds.repeats.map(\.folds) + [search.folds]).count == 4)
        #expect(Set(folds.repeats.map(\.seed) + [search.seed]).count == 4)
        for repeated in folds.repeats {
            for digit in UInt8(0)...9 {
                let counts = (0..<5).map { fold in
                    repeated.folds.testRows(fold: fold).count { ComparisonFoldsTests.rows.labels[$0] == digit }
                }
                #expect(counts.max()! - counts.min()! <= 1)
            }
        }
        let again = try ComparisonFolds(of: search, kind: .stratified)
        #expect(again.repeats.map(\.folds) == folds.repeats.map(\.folds))
        #expect(again.repeats.map(\.seed) == folds.repeats.map(\.seed))
        let other = try ComparisonFolds(of: self.search(stratified(5), seed: 8), kind: .stratified)
        #expect(Set(other.repeats.map(\.folds)).isDisjoint(with: folds.repeats.map(\.folds)))
    }

    @Test("leave-one-out and more than ten folds become ten, or as many as the rarest digit has rows")
    func ten() throws {
        #expect(try ComparisonFolds(of: search(stratified(20)), kind: .stratified).foldCount == 10)
        #expect(try ComparisonFolds(of: search(.leaveOneOut(rowCount: 300)), kind: .leaveOneOut).foldCount == 10)
        // All rows but those of the digit 3, and four of its 30.
        let threes = ComparisonFoldsTests.rows.labels.indices.filter { ComparisonFoldsTests.rows.labels[$0] == 3 }
        let kept = ComparisonFoldsTests.rows.labels.indices.filter { ComparisonFoldsTests.rows.labels[$0] != 3 } + threes.prefix(4)
        let few = ComparisonFoldsTests.rows.selecting(rows: kept, name: "few")
        #expect(try ComparisonFolds(of: search(.leaveOneOut(rowCount: few.count), rows: few), kind: .leaveOneOut).foldCount == 4)
        let one = ComparisonFoldsTests.rows.selecting(rows: Array(kept.dropLast(3)), name: "one")
        #expect(throws: DigitsError.tooFewRows(digit: 3, found: 1, foldCount: 2)) {
            try ComparisonFolds(of: search(.leaveOneOut(rowCount: one.count), rows: one), kind: .leaveOneOut)
        }
    }

    @Test("blocks start elsewhere, and hold rows that lie side by side")
    func blocks() throws {
        let search = try search(.blocks(rowCount: 300, foldCount: 4))
        let folds = try ComparisonFolds(of: search, kind: .blocks)
        #expect(Set(folds.repeats.map(\.folds) + [search.folds]).count == 4)
        for repeated in folds.repeats {
            let foldOfRow = repeated.folds.foldOfRow
            // As many changes of fold as there are blocks, the one from the last row to the first among them.
            #expect(foldOfRow.indices.count { foldOfRow[$0] != foldOfRow[($0 + 1) % 300] } == 4)
            #expect((0..<4).map { repeated.folds.testRows(fold: $0).count } == [75, 75, 75, 75])
        }
    }

    @Test("given folds are never split: ten and more are joined anew, fewer stay as they are and are compared once")
    func given() throws {
        let many = try search(FoldAssignment(foldOfRow: (0..<300).map { $0 % 12 }))
        let folds = try ComparisonFolds(of: many, kind: .file)
        #expect(folds.foldCount == 6)
        #expect(Set(folds.repeats.map(\.folds)).count == 3)
        for repeated in folds.repeats {
            #expect((12..<300).allSatisfy { repeated.folds.foldOfRow[$0] == repeated.folds.foldOfRow[$0 % 12] })
            #expect((0..<6).map { repeated.folds.testRows(fold: $0).count } == [Int](repeating: 50, count: 6))
        }
        let few = try search(FoldAssignment(foldOfRow: (0..<300).map { $0 % 9 }))
        #expect(try ComparisonFolds(of: few, kind: .file).repeats.map(\.folds) == [few.folds])
    }

    @Test("many rows are compared on fewer repeats, the most on one", arguments: [(10_000, 3), (10_001, 2), (15_001, 1), (40_000, 1)])
    func bound(rowCount: Int, repeatCount: Int) throws {
        let rows = ComparisonFoldsTests.rows.selecting(rows: (0..<rowCount).map { $0 % 300 }, name: "many")
        #expect(try ComparisonFolds(of: search(stratified(2, rows: rows), rows: rows), kind: .stratified).repeats.count == repeatCount)
    }
}
