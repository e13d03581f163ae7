import Testing

@testable import Digits

@Suite struct FoldAssignmentTests {
    /// Rows of each digit as many as in Semeion, in no order.
    private static let labels: [UInt8] = {
        let counts = [161, 162, 159, 159, 161, 159, 161, 158, 155, 158]
        var labels = counts.enumerated().flatMap { digit, count in [UInt8](repeating: UInt8(digit), count: count) }
        var stream = RandomStream(seed: 5, purpose: .test)
        stream.shuffle(&labels)
        return labels
    }()

    private func refusal(_ body: () throws(DigitsError) -> Void) -> String { message(body) }

    @Test("stratified folds spread each digit, and all rows, to within one row", arguments: [2, 3, 7, 10, 155])
    func balance(foldCount: Int) throws {
        let labels = FoldAssignmentTests.labels
        let folds = try FoldAssignment.stratified(labels: labels, foldCount: foldCount, seed: 1)
        #expect(folds.foldCount == foldCount)
        #expect(folds.foldOfRow.count == 1593)
        let sizes = (0..<foldCount).map { folds.testRows(fold: $0).count }
        #expect(sizes.max()! - sizes.min()! <= 1)
        for digit in UInt8(0)..<10 {
            let counts = (0..<foldCount).map { fold in folds.testRows(fold: fold).count { labels[$0] == digit } }
            #expect(counts.max()! - counts.min()! <= 1, "digit \(digit): \(counts)")
        }
    }

    @Test("a digit with fewer rows than folds is refused, or dealt out as far as it goes where that is allowed")
    func smallClasses() throws {
        let labels: [UInt8] = [0, 0, 0, 0, 0, 0, 1, 1]
        #expect(
            refusal { () throws(DigitsError) in _ = try FoldAssignment.stratified(labels: labels, foldCount: 4, seed: 1) }
                == "expected at least 4 rows of digit 1, one a fold, found 2")
        let folds = try FoldAssignment.stratified(labels: labels, foldCount: 4, seed: 1, allowsSmallClasses: true)
        #expect((0..<4).map { folds.testRows(fold: $0).count } == [2, 2, 2, 2])
        #expect(folds.foldOfRow[6] != folds.foldOfRow[7])
    }

    @Test("folds that are written are read again")
    func written() throws {
        let folds = try FoldAssignment(foldOfRow: [2, 0, 1, 1])
        #expect(String(decoding: folds.json, as: UTF8.self) == "{\"fold\":[2,0,1,1]}\n")
        #expect(try FoldAssignment(json: folds.json.span, rowCount: 4) == folds)
    }

    @Test("folds are told apart by the SHA-256 of their rows' numbers")
    func digest() throws {
        #expect(try FoldAssignment(foldOfRow: [0, 1, 1]).sha256 == "f98a2421cbc9e9977cd79ee80bbfc129d965aa1ac295db3cd8660ee4dd64caac")
    }

    @Test("the seed decides the folds")
    func seed() throws {
        let labels = FoldAssignmentTests.labels
        let folds = try FoldAssignment.stratified(labels: labels, foldCount: 10, seed: 1)
        #expect(try FoldAssignment.stratified(labels: labels, foldCount: 10, seed: 1) == folds)
        let other = try FoldAssignment.stratified(labels: labels, foldCount: 10, seed: 2)
        // One row in ten is in the same fold by chance: 159 of 1593, with a standard deviation of 12.
        let agreeing = zip(folds.foldOfRow, other.foldOfRow).count { $0 == $1 }
        #expect((100...220).contains(agreeing))
    }

    @Test("the folds of one digit do not depend on how many rows the others have")
    func digitsApart() throws {
        let alone = try FoldAssignment.stratified(labels: [0, 0, 0, 0, 1, 1, 1, 1], foldCount: 4, seed: 9)
        let together = try FoldAssignment.stratified(labels: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1], foldCount: 4, seed: 9)
        #expect(alone.foldOfRow.suffix(4) == together.foldOfRow.suffix(4))
    }

    @Test("training and test rows divide the data set")
    func division() throws {
        let folds = try FoldAssignment(foldOfRow: [1, 0, 2, 1, 0])
        #expect(folds.foldCount == 3)
        #expect(folds.testRows(fold: 1) == [0, 3])
        #expect(folds.trainingRows(fold: 1) == [1, 2, 4])
    }

    /// Seconds; a look through all rows for each fold would take a quarter of an hour.
    @Test("the rows of as many folds as there are rows are found without a look through all rows for each", .timeLimit(.minutes(5)))
    func manyFolds() throws {
        let rowCount = 1_000_000
        let folds = try FoldAssignment.leaveOneOut(rowCount: rowCount)
        #expect((0..<rowCount).allSatisfy { folds.testRows(fold: $0) == [$0] && folds.testRowCount(fold: $0) == 1 })
    }

    @Test("blocks are consecutive, the first ones a row longer")
    func blocks() throws {
        #expect(try FoldAssignment.blocks(rowCount: 11, foldCount: 4).foldOfRow == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3])
        #expect(try FoldAssignment.blocks(rowCount: 4, foldCount: 2).foldOfRow == [0, 0, 1, 1])
        #expect(try FoldAssignment.blocks(rowCount: 3, foldCount: 3).foldOfRow == [0, 1, 2])
    }

    @Test("folds that cannot be made are refused with what was found and expected")
    func impossible() {
        #expect(
            refusal { () throws(DigitsError) in
                _ = try FoldAssignment.stratified(labels: [0, 0, 0, 1, 1, 1, 1, 7, 7], foldCount: 3, seed: 0)
            }
                == "expected at least 3 rows of digit 7, one a fold, found 2")
        #expect(
            refusal { () throws(DigitsError) in _ = try FoldAssignment.stratified(labels: [0, 0], foldCount: 1, seed: 0) }
                == "expected at least 2 folds, found 1")
        #expect(
            refusal { () throws(DigitsError) in _ = try FoldAssignment.stratified(labels: [], foldCount: 2, seed: 0) }
                == "expected at least 2 rows, one a fold, found 0")
        #expect(
            refusal { () throws(DigitsError) in _ = try FoldAssignment.blocks(rowCount: 3, foldCount: 4) }
                == "expected at least 4 rows, one a fold, found 3")
        #expect(
            refusal { () throws(DigitsError) in _ = try FoldAssignment.blocks(rowCount: 3, foldCount: 0) }
                == "expected at least 2 folds, found 0")
        #expect(
            refusal { () throws(DigitsError) in _ = try FoldAssignment(foldOfRow: [0, -2, 1]) }
                == "expected a fold from 0 to 2 for row 1 of 3, found -2")
        #expect(
            refusal { () throws(DigitsError) in _ = try FoldAssignment(foldOfRow: [0, 3, 1, 3]) }
                == "expected rows in each of 4 folds, found none in fold 2")
        #expect(refusal { () throws(DigitsError) in _ = try FoldAssignment(foldOfRow: [0, 0]) } == "expected at least 2 folds, found 1")
        #expect(refusal { () throws(DigitsError) in _ = try FoldAssignment(foldOfRow: []) } == "expected at least 2 folds, found 0")
        #expect(
            refusal { () throws(DigitsError) in _ = try FoldAssignment(foldOfRow: [0, .max]) }
                == "expected a fold from 0 to 1 for row 1 of 2, found \(Int.max)")
    }

    @Test("folds are read from JSON, in an object or alone")
    func json() throws {
        func read(_ text: String, rowCount: Int = 3) throws(DigitsError) -> [Int] {
            try FoldAssignment(json: utf8(text).span, rowCount: rowCount).foldOfRow
        }
        #expect(try read("{\"what\": \"three rows\", \"fold\": [1, 0, 2]}") == [1, 0, 2])
        #expect(try read(" [1,0,2]\n") == [1, 0, 2])

        func refusal(_ text: String) -> String { message { () throws(DigitsError) in _ = try read(text) } }
        #expect(refusal("[1, 0]") == "expected the folds of 3 rows, found those of 2")
        #expect(refusal("[1, 0, 2, 1]") == "expected the folds of 3 rows, found those of 4")
        #expect(refusal("{}") == "expected the field fold, found none of that name")
        #expect(refusal("{\"fold\": [1], \"fold\": [0]}") == "expected only one field, found fold twice")
        #expect(refusal("{\"fold\": 3}") == "fold: expected an array of folds at line 1, column 10, found a number")
        #expect(refusal("{\"fold\": [0,\n \"1\"]}") == "fold[1]: expected a whole number at line 2, column 2, found a string")
        #expect(refusal("[0, 1.5, 1]") == "fold[1]: expected a whole number at line 1, column 5, found 1.5")
        #expect(refusal("[0, -1, 1]") == "expected a fold from 0 to 2 for row 1 of 3, found -1")
        #expect(refusal("[0, 2, 2]") == "expected rows in each of 3 folds, found none in fold 1")
        #expect(refusal("") == "not JSON: expected a value at line 1, column 1, found the end")
        #expect(refusal("[0, 1, 2") == "not JSON: expected ',' or ']' at line 1, column 9, found the end")
        #expect(refusal("7") == "fold: expected an array of folds at line 1, column 1, found a number")
    }
}
