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
            table.text(width: nil) == """
                name    rows  note
                ------  ----  ----
                a       1593
                longer     2  x

                """)
    }

    @Test("a table that is too wide breaks titles and left-aligned cells between words, and numbers never")
    func narrowTable() {
        var table = TextTable([("classifier", .left), ("best parameters", .left), ("on blocks of rows", .right)])
        table.append(["linear-discriminant-analysis", "solver=svd tol=0.1", "87.20 ± 2.64 %"])
        table.append(["svm", "C=10", "96.11 ± 1.19 %"])
        #expect(
            table.text(width: 50) == """
                classifier             best           on blocks of
                                       parameters             rows
                ---------------------  -----------  --------------
                linear-discriminant-   solver=svd   87.20 ± 2.64 %
                analysis               tol=0.1
                svm                    C=10         96.11 ± 1.19 %

                """)
    }

    @Test("where even broken columns do not fit, a row is a paragraph")
    func paragraphs() {
        var table = TextTable([("id", .left), ("name", .left), ("%", .right), ("created", .left)])
        table.append(["01KB3M9ZK4T7XQ2V5N8R6W1YHD", "a name of several words", "50", "2026-11-23T17:00:00Z"])
        table.append(["01KB3M9ZK4T7XQ2V5N8R6W1YHE", "", "0", "2026-11-23T17:00:01Z"])
        #expect(
            table.text(width: 32) == """
                01KB3M9ZK4T7XQ2V5N8R6W1YHD
                  name     a name of several
                           words
                  %        50
                  created  2026-11-23T17:00:00Z

                01KB3M9ZK4T7XQ2V5N8R6W1YHE
                  %        0
                  created  2026-11-23T17:00:01Z

                """)
    }

    @Test("no line of a table is wider than the terminal, from 60 columns up", arguments: [60, 72, 80, 100, 140])
    func tableWidths(width: Int) {
        let titles = ["classifier", "best parameters", "the study (2016)", "scikit-learn 1.9", "digitd", "on blocks of rows"]
        var table = TextTable(titles.enumerated().map { (title: $1, alignment: $0 < 2 ? .left : .right) })
        for name in ["linear-discriminant-analysis", "svm", "数字の名前が長い"] {
            table.append([
                name, "criterion=entropy max_depth=null max_features=sqrt n_estimators=300", "95.92 %", "96.11 ± 1.19 %", "99.00 ± 0.50 %",
                "98.00 ± 0.70 %",
            ])
        }
        let lines = table.text(width: width).split(separator: "\n")
        #expect(lines.allSatisfy { $0.columnCount <= width })
        #expect(lines.joined().contains("99.00 ± 0.50 %"))
    }

    @Test("a text is broken between words, keeps its indentation, and words that are too long are broken where the line ends")
    func wrapping() {
        #expect("one two three\n  four five".wrapped(toWidth: 8) == "one two\nthree\n  four\n  five")
        #expect("abcdefghij k".wrapped(toWidth: 4) == "abcd\nefgh\nij k")
        #expect("数字 数字".wrapped(toWidth: 5) == "数字\n数字")
        #expect("anything at all".wrapped(toWidth: nil) == "anything at all")
    }

    @Test(
        "a bar never takes the whole width, since a line that wraps is not erased: first the bar is shorter, then what is best goes",
        arguments: [
            (80, "running [######..............] 216/720 trials  best svm 96.11 %  5 s left"),
            (72, "running [###.......] 216/720 trials  best svm 96.11 %  5 s left"),
            (60, "running 216/720 trials  best svm 96.11 %  5 s left"), (40, "running 216/720 trials  5 s left"),
            (20, "running 216/720 tr…"),
        ])
    func narrowBar(width: Int, text: String) {
        let line = ProgressBar.line(
            finishedCount: 216, total: 720, unit: "trials", title: "running", best: "svm 96.11 %", secondsLeft: 4.2, width: width)
        #expect(line == text)
        #expect(line.columnCount < width)
    }

    @Test("as many bitmaps stand beside each other as fit", arguments: [(60, 3), (80, 4), (169, 10), (10, 1)])
    func bitmapsBeside(width: Int, count: Int) {
        #expect(BitmapDrawing.bitmapCount(fitting: width) == count)
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
        let bar = ProgressBar(total: 4, unit: "trials", isShown: true, width: { nil }) { text in written.withLock { $0 += text } }
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
        let bar = ProgressBar(total: 4, unit: "trials", isShown: false, width: { nil }) { text in written.withLock { $0 += text } }
        bar.advance(by: 1)
        bar.print("a notice")
        bar.show(title: "running")
        bar.finish()
        #expect(written.withLock { $0 } == "a notice\n")
    }

    @Test("control characters are shown, not obeyed")
    func printable() {
        #expect("a\u{1B}[2Jb\nc\u{2028}d\u{7F}".printable == #"a\u{1B}[2Jb\u{A}c\u{2028}d\u{7F}"#)
        #expect("svm\u{202E}nosj.1v\u{200B}\u{E000}".printable == #"svm\u{202E}nosj.1v\u{200B}\u{E000}"#)
        #expect("👩\u{200D}🔬 می\u{200C}خواهم".printable == "👩\u{200D}🔬 می\u{200C}خواهم")
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
        ).text(width: nil)
        #expect(text.hasPrefix("svm on three: 2 of 3 right, 66.67 %\n"))
        #expect(text.contains("\n   1  .  1  .  .  .  .  .  1  .  .\n"))
        #expect(text.contains("\n    7      1     0.5000  1.0000  0.6667\n"))
    }
}
