import ModelSelection
import Testing

struct ConfusionMatrixTests {
    private let matrix = ConfusionMatrix(truth: [1, 1, 1, 7, 7, 2], answers: [1, 1, 7, 7, 1, 2])

    @Test("rows are the truth, columns the answers")
    func counts() {
        #expect(matrix.counts[1][1] == 2)
        #expect(matrix.counts[1][7] == 1)
        #expect(matrix.counts[7][1] == 1)
        #expect(matrix.counts[2][2] == 1)
        #expect(matrix.total == 6)
        #expect(matrix.correctCount == 4)
    }

    @Test("accuracy, precision, recall and F1 follow from the counts")
    func measures() {
        #expect(matrix.accuracy == 4.0 / 6)
        #expect(matrix.precision(of: 1) == 2.0 / 3)
        #expect(matrix.recall(of: 1) == 2.0 / 3)
        #expect(matrix.precision(of: 7) == 0.5)
        #expect(matrix.f1(of: 7) == 0.5)
        #expect(matrix.support(of: 1) == 3)
    }

    @Test("a digit that was neither shown nor answered has no measures")
    func absent() {
        #expect(matrix.precision(of: 9) == nil)
        #expect(matrix.recall(of: 9) == nil)
        #expect(matrix.f1(of: 9) == nil)
        #expect(ConfusionMatrix().accuracy == nil)
    }
}
