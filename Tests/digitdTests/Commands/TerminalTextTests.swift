import Digits
import HTTPServing
import ModelSelection
import Testing

import Threads
@testable import digitd

struct TerminalTextTests {
    @Test("columns are aligned, and no line ends in blanks")
    func table() {
        var table = TextTable([("name", .left), ("rows", .right), ("note", .left)])
        table.append(["a", "1593", ""])
        table.append(["longer", "2", "x"])
        #expect(
            table.text == """
                name    rows  note
                ------  ----  ----
                a       1593
                longer     2  x

                """)
    }

    @Test(
        "numbers with a fixed count of decimals, halves away from zero",
        arguments: [
            (0.96107, 2, "0.96"), (1.005, 1, "1.0"), (2.5, 0, "3"), (-0.04, 1, "0.0"), (-1.25, 1, "-1.3"), (12.0304, 3, "12.030"),
        ])
    func decimals(number: Double, count: Int, text: String) {
        #expect(number.decimals(count) == text)
    }

    @Test("a share in per cent")
    func percent() {
        #expect(0.961069.percent == "96.11 %")
        #expect(1.0.percent == "100.00 %")
    }

    @Test("the progress bar shows what is done, what is best and what is left")
    func progress() {
        #expect(
            ProgressBar.line(finishedCount: 216, total: 720, unit: "trials", best: "svm 96.11 %", secondsLeft: 4.2)
                == "[######..............] 216/720 trials  best svm 96.11 %  5 s left")
        #expect(ProgressBar.line(finishedCount: 0, total: 720, unit: "trials") == "[....................] 0/720 trials")
        #expect(
            ProgressBar.line(finishedCount: 720, total: 720, unit: "trials", title: "blocks", best: "svm 96.11 %", secondsLeft: 0)
                == "blocks [####################] 720/720 trials  best svm 96.11 %")
        #expect(ProgressBar.line(finishedCount: 9, total: 8, unit: "trials") == "[####################] 9/8 trials")
    }

    @Test(
        "longer times left are in minutes and hours, rounded up",
        arguments: [(119.2, "120 s"), (121, "3 min"), (7200, "2 h 0 min"), (7501, "2 h 6 min")])
    func timeLeft(seconds: Double, text: String) {
        #expect(
            ProgressBar.line(finishedCount: 1, total: 2, unit: "trials", secondsLeft: seconds)
                == "[##########..........] 1/2 trials  \(text) left")
    }

    @Test("lines that stay are written above the bar, which is drawn again below them")
    func linesAboveTheBar() {
        let written = Locked("")
        let bar = ProgressBar(total: 4, unit: "trials", isShown: true) { text in written.withLock { $0 += text } }
        bar.show(finishedCount: 1, total: 2, best: "svm 50.00 %", secondsLeft: nil)
        bar.print("a notice")
        bar.show(title: "running")
        bar.finish()
        let erasure = "\r\u{1B}[2K"
        let line = "[##########..........] 1/2 trials  best svm 50.00 %"
        #expect(
            written.withLock { $0 } == erasure + line + erasure + "a notice\n" + erasure + line + erasure + "running " + line + erasure)
    }

    @Test("without a terminal there is no bar, and lines are lines")
    func linesWithoutABar() {
        let written = Locked("")
        let bar = ProgressBar(total: 4, unit: "trials", isShown: false) { text in written.withLock { $0 += text } }
        bar.advance(by: 1)
        bar.print("a notice")
        bar.show(title: "running")
        bar.finish()
        #expect(written.withLock { $0 } == "a notice\n")
    }

    @Test("control characters are shown, not obeyed")
    func printable() {
        #expect("a\u{1B}[2Jb\nc\u{2028}d\u{7F}".printable == "a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}d\u{FFFD}")
        #expect("0 bis 9 für alle".printable == "0 bis 9 für alle")
    }

    @Test(
        "a probability is shown with two digits that count",
        arguments: [
            (1.0, "1.0"), (0.625, "0.63"), (0.0203, "0.020"), (0.0999, "0.10"), (0.00123, "0.0012"), (0.000606, "6.1e-04"),
            (0.0000999, "1.0e-04"), (8.06e-09, "8.1e-09"), (0, "0.0"), (0.996, "1.0"),
        ])
    func probability(number: Double, text: String) {
        #expect(number.twoSignificantDigits == text)
    }

    @Test("a bitmap is drawn in half blocks, two rows of pixels a line")
    func drawing() {
        var bitmap = Bitmap.blank
        bitmap[row: 0, column: 0] = true
        bitmap[row: 1, column: 0] = true
        bitmap[row: 0, column: 1] = true
        bitmap[row: 15, column: 15] = true
        let lines = BitmapDrawing.text(of: [bitmap]).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 9)
        #expect(lines[0].hasPrefix("\u{2588}\u{2580} "))
        #expect(lines[7].hasSuffix(" \u{2584}"))
        #expect(lines[0].count == 16)
        #expect(BitmapDrawing.text(of: [bitmap, bitmap]).split(separator: "\n")[0].count == 33)
    }

    @Test("a sheet shows a hundred rows, ten of each digit where they are balanced")
    func sheet() {
        let dataset = SyntheticDigits.dataset(rowCount: 1_000, seed: 0)
        let rows = DatasetRenderCommand.sheetRows(of: dataset)
        #expect(rows.count == 100)
        #expect(rows.map { dataset.labels[$0] } == (0..<100).map { UInt8($0 / 10) })
        #expect(DatasetRenderCommand.sheetRows(of: SyntheticDigits.dataset(rowCount: 7, seed: 0)).count == 7)
    }

    @Test("an evaluation prints counts, and dots where there are none")
    func evaluation() throws {
        let dataset = try DigitDataset(name: "three", bitmaps: [.blank, .blank, .blank], labels: [1, 1, 7])
        let text = Evaluation(
            classifier: .svm, dataset: dataset, matrix: ConfusionMatrix(truth: [1, 1, 7], answers: [1, 7, 7]), isTrainingSet: false
        ).text
        #expect(text.hasPrefix("svm on three: 2 of 3 right, 66.67 %\n"))
        #expect(text.contains("\n   1  .  1  .  .  .  .  .  1  .  .\n"))
        #expect(text.contains("\n    7      1     0.5000  1.0000  0.6667\n"))
    }
}
