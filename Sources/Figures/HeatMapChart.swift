/// Accuracy over two hyperparameters, a panel a choice of a third.
public enum HeatMapChart {
    /// A table of accuracies, 0...1; nil where there is none.
    public struct Panel: Sendable {
        let name: String
        let rows: [String]
        let columns: [String]
        /// rows x columns.
        let values: [[Double?]]

        /// - Precondition: as many values as the lists of names say.
        public init(name: String, rows: [String], columns: [String], values: [[Double?]]) {
            precondition(values.count == rows.count && values.allSatisfy { $0.count == columns.count })
            self.name = name
            self.rows = rows
            self.columns = columns
            self.values = values
        }
    }

    /// - Parameters:
    ///   - axes: what rows and columns are.
    ///   - panels: two stand side by side.
    static func figure(_ name: String, title: String, note: String, axes: (rows: String, columns: String), panels: [Panel]) -> Figure {
        let (cellWidth, cellHeight, left, top) = (78.0, 40.0, 80.0, 100.0)
        let columnCount = panels.map(\.columns.count).max() ?? 0
        let rowCount = panels.map(\.rows.count).max() ?? 0
        let pitchX = Double(columnCount) * cellWidth + 110
        let pitchY = Double(rowCount) * cellHeight + 100
        let across = min(2, max(1, panels.count))
        var svg = SVGDocument(
            width: left + Double(across) * pitchX - 20, height: top + Double((panels.count + across - 1) / across) * pitchY - 20,
            title: title, note: note)
        let present = panels.flatMap { $0.values.flatMap { $0.compactMap { $0 } } }
        let (lowest, highest) = (present.min() ?? 0, present.max() ?? 1)
        for (index, panel) in panels.enumerated() {
            let x = left + Double(index % across) * pitchX
            let y = top + Double(index / across) * pitchY
            draw(panel, axes: axes, x: x, y: y, cell: (cellWidth, cellHeight), in: &svg) { value in
                // Squared, because the better candidates are the ones whose difference matters.
                let share = highest > lowest ? (value - lowest) / (highest - lowest) : 1
                return 0.06 + 0.94 * share * share
            }
        }
        return Figure(name, svg: svg)
    }

    private static func draw(
        _ panel: Panel, axes: (rows: String, columns: String), x: Double, y: Double, cell: (width: Double, height: Double),
        in svg: inout SVGDocument, strength: (Double) -> Double
    ) {
        let (width, height) = (Double(panel.columns.count) * cell.width, Double(panel.rows.count) * cell.height)
        svg.text(panel.name, x: x, y: y - 10)
        svg.text(axes.columns, x: x + width / 2, y: y + height + 36, anchor: .middle, style: "note")
        svg.text(axes.rows, x: x - 52, y: y + height / 2, anchor: .middle, style: "note", turned: true)
        for (column, name) in panel.columns.enumerated() {
            svg.text(name, x: x + (Double(column) + 0.5) * cell.width, y: y + height + 18, anchor: .middle, style: "tick")
        }
        for (row, name) in panel.rows.enumerated() {
            let top = y + Double(row) * cell.height
            svg.text(name, x: x - 10, y: top + cell.height / 2 + 4, anchor: .end, style: "tick")
            for (column, value) in panel.values[row].enumerated() {
                let left = x + Double(column) * cell.width
                let opacity = value.map(strength) ?? 0
                svg.rectangle(x: left + 1, y: top + 1, width: cell.width - 2, height: cell.height - 2, style: "cell", opacity: opacity)
                svg.text(
                    value.map { FigureNumber.percent($0) } ?? "–", x: left + cell.width / 2, y: top + cell.height / 2 + 5,
                    anchor: .middle, style: opacity > 0.55 ? "strong-cell" : "")
            }
        }
        svg.rectangle(x: x, y: y, width: width, height: height, style: "frame")
    }
}
