import Digits
import ModelSelection
import Testing

struct SelectionWithoutRowsTests {
    @Test("a candidate that is best on the rows left out, and on no others, is not chosen without them")
    func withoutRows() throws {
        let folds = try FoldAssignment(foldOfRow: [0, 0, 0, 1, 1, 1])
        let selection = SelectionWithoutRows(
            isRight: [
                [true, false, true, false, true, true], [true, true, false, true, false, true], [true, true, true, true, true, false],
            ],
            folds: folds)
        #expect(selection.best(without: []) == 2)
        // Of rows 1, 2, 4 and 5 the candidates have 3, 2 and 3 right: the first of the best.
        #expect(selection.best(without: [0, 3]) == 0)
        // Of rows 0, 1, 3 and 5 they have 2, 4 and 3 right.
        #expect(selection.best(without: [2, 4]) == 1)
    }

    @Test("folds count alike, whatever their rows, and an empty one not at all: as in the search's mean")
    func foldsOfUnequalSize() throws {
        let folds = try FoldAssignment(foldOfRow: [0, 0, 0, 0, 1])
        // 3/4 and 0 against 1/4 and 1.
        let selection = SelectionWithoutRows(
            isRight: [[true, true, true, false, false], [true, false, false, false, true]], folds: folds)
        #expect(selection.best(without: []) == 1)
        #expect(selection.best(without: [4]) == 0)
        // 1/2 and 0 against 0 and 1.
        #expect(selection.best(without: [0, 1]) == 1)
    }
}
