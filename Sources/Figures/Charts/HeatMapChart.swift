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

    private static let cell = (width: 78.0, height: 40.0)
    private static let barWidth = 16.0

    /// - Parameters:
    ///   - axes: what rows and columns are.
    ///   - panels: two stand side by side.
    static func figure(_ name: String, title: String, note: String, axes: (rows: String, columns: String), panels: [Panel]) -> Figure {
        let (left, top) = (80.0, 100.0)
        let columnCount = panels.map(\.columns.count).max() ?? 0
        let rowCount = panels.map(\.rows.count).max() ?? 0
        let pitchX = Double(columnCount) * cell.width + 110
        let pitchY = Double(rowCount) * cell.height + 100
        let across = min(2, max(1, panels.count))
        let down = (panels.count + across - 1) / across
        let barHeight = max(140, Double(down) * pitchY - 100)
        let barX = left + Double(across) * pitchX - 60
        var svg = SVGDocument(width: barX + 100, height: top + max(Double(down) * pitchY - 20, barHeight + 40), title: title, note: note)
        let present = panels.flatMap { $0.values.flatMap { $0.compactMap { $0 } } }
        let colours = AccuracyColours(of: present)
        for (index, panel) in panels.enumerated() {
            let place = (x: left + Double(index % across) * pitchX, y: top + Double(index / across) * pitchY)
            draw(panel, axes: axes, at: place, colours: colours, best: present.max(), in: &svg)
        }
        drawBar(of: colours, x: barX, y: top, height: barHeight, in: &svg)
        return Figure(name, svg: svg)
    }

    private static func draw(
        _ panel: Panel, axes: (rows: String, columns: String), at place: (x: Double, y: Double), colours: AccuracyColours, best: Double?,
        in svg: inout SVGDocument
    ) {
        let (x, y) = place
        let (width, height) = (Double(panel.columns.count) * cell.width, Double(panel.rows.count) * cell.height)
        svg.text(panel.name, x: x, y: y - 10)
        svg.text(axes.columns, x: x + width / 2, y: y + height + 36, anchor: .middle, style: "note")
        svg.text(axes.rows, x: x - 62, y: y + height / 2, anchor: .middle, style: "note", turned: true)
        for (column, name) in panel.columns.enumerated() {
            svg.text(name, x: x + (Double(column) + 0.5) * cell.width, y: y + height + 18, anchor: .middle, style: "tick")
        }
        for (row, name) in panel.rows.enumerated() {
            let top = y + Double(row) * cell.height
            svg.text(name, x: x - 10, y: top + cell.height / 2 + 4, anchor: .end, style: "tick")
            for (column, value) in panel.values[row].enumerated() {
                let left = x + Double(column) * cell.width
                if let value {
                    svg.rectangle(
                        x: left + 1, y: top + 1, width: cell.width - 2, height: cell.height - 2, style: "",
                        colour: colours.colour(of: value))
                }
                svg.text(
                    value.map { FigureNumber.percent($0) } ?? "–", x: left + cell.width / 2, y: top + cell.height / 2 + 5,
                    anchor: .middle, style: value.map { colours.isLight($0) ? "on-light" : "on-dark" } ?? "note")
            }
        }
        svg.rectangle(x: x, y: y, width: width, height: height, style: "frame")
        // Last, so that no neighbour covers it.
        for (row, values) in panel.values.enumerated() {
            for (column, value) in values.enumerated() where value != nil && value == best {
                svg.rectangle(
                    x: x + Double(column) * cell.width + 1, y: y + Double(row) * cell.height + 1, width: cell.width - 2,
                    height: cell.height - 2, style: "best")
            }
        }
    }

    /// The colours and the accuracies that they stand for, and what the frame is.
    private static func drawBar(of colours: AccuracyColours, x: Double, y: Double, height: Double, in svg: inout SVGDocument) {
        let stepCount = 64
        let stepHeight = height / Double(stepCount)
        for step in 0..<stepCount {
            let share = 1 - (Double(step) + 0.5) / Double(stepCount)
            // Half a pixel of overlap, without which some viewers show the gaps between neighbours.
            svg.rectangle(
                x: x, y: y + Double(step) * stepHeight, width: barWidth, height: min(stepHeight + 0.5, height - Double(step) * stepHeight),
                style: "", colour: AccuracyColours.colour(atShare: share))
        }
        svg.text("%", x: x + barWidth + 8, y: y - 10, style: "tick")
        for accuracy in colours.marks(distance: 14 / height) {
            let place = y + height * (1 - colours.share(of: accuracy))
            svg.line(from: (x + barWidth, place), to: (x + barWidth + 4, place), style: "axis")
            svg.text(FigureNumber.text(accuracy * 100, decimals: 1), x: x + barWidth + 8, y: place + 4, style: "tick")
        }
        svg.rectangle(x: x, y: y + height + 16, width: barWidth, height: 14, style: "best")
        svg.text("best", x: x + barWidth + 8, y: y + height + 28, style: "tick")
    }
}
