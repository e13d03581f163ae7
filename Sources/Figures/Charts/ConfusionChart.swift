import ModelSelection

/// How often each digit was answered for each true digit.
public enum ConfusionChart {
    /// - Parameter note: which model answered, and on what.
    public static func figure(_ matrix: ConfusionMatrix, note: String) -> Figure {
        let (left, top, cell) = (90.0, 110.0, 46.0)
        let side = cell * 10
        var svg = SVGDocument(width: left + side + 40, height: top + side + 40, title: "Confusion matrix", note: note)
        svg.text("digit answered", x: left + side / 2, y: top - 30, anchor: .middle, style: "note")
        svg.text("true digit", x: left - 50, y: top + side / 2, anchor: .middle, style: "note", turned: true)
        let counts = matrix.counts
        let mostErrors = (0..<10).flatMap { truth in (0..<10).filter { $0 != truth }.map { counts[truth][$0] } }.max() ?? 0
        for digit in 0..<10 {
            let offset = (Double(digit) + 0.5) * cell
            svg.text("\(digit)", x: left + offset, y: top - 10, anchor: .middle)
            svg.text("\(digit)", x: left - 16, y: top + offset + 5, anchor: .end)
        }
        for truth in 0..<10 {
            for answer in 0..<10 {
                let count = counts[truth][answer]
                let (x, y) = (left + Double(answer) * cell, top + Double(truth) * cell)
                // Right answers by the share of their digit, wrong ones by the commonest confusion: the two are hundreds to a few.
                let strength =
                    truth == answer
                    ? matrix.recall(of: truth) ?? 0 : Double(count) / Double(max(1, mostErrors)) * 0.8
                if count > 0 {
                    svg.rectangle(
                        x: x + 1, y: y + 1, width: cell - 2, height: cell - 2, style: truth == answer ? "cell" : "wrong-cell",
                        opacity: strength)
                }
                svg.text(
                    count == 0 ? "·" : "\(count)", x: x + cell / 2, y: y + cell / 2 + 5, anchor: .middle,
                    style: count == 0 ? "note" : strength > 0.55 ? "strong-cell" : "")
            }
        }
        svg.rectangle(x: left, y: top, width: side, height: side, style: "frame")
        return Figure("confusion", svg: svg)
    }
}
