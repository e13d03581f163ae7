/// Accuracies with their standard deviations over folds, one classifier a row, beside those of others.
public enum AccuracyChart {
    /// An accuracy, 0...1.
    public struct Measurement: Sendable {
        let mean: Double
        /// Nil where it is not known.
        let standardDeviation: Double?

        public init(mean: Double, standardDeviation: Double? = nil) {
            self.mean = mean
            self.standardDeviation = standardDeviation
        }

        var ends: ClosedRange<Double> {
            let deviation = standardDeviation ?? 0
            return mean - deviation...min(1, mean + deviation)
        }
    }

    /// One classifier.
    public struct Row: Sendable {
        let name: String
        /// In the order of the chart's series; nil where a series has none.
        let measurements: [Measurement?]

        public init(name: String, measurements: [Measurement?]) {
            self.name = name
            self.measurements = measurements
        }
    }

    private static let styles = ["first", "second", "third"]

    /// - Parameters:
    ///   - series: one to three names, digitd's first.
    ///   - note: the data set and its folds.
    public static func figure(series: [String], rows: [Row], note: String) -> Figure {
        precondition((1...styles.count).contains(series.count) && rows.allSatisfy { $0.measurements.count == series.count })
        let (left, right, top, rowHeight) = (200.0, 80.0, 90.0, 44.0)
        let width = 820.0
        let bottom = top + Double(rows.count) * rowHeight
        var svg = SVGDocument(width: width, height: bottom + 60, title: "Accuracy of the best candidate of each classifier", note: note)
        let ends = rows.flatMap { $0.measurements.compactMap { $0?.ends } }
        let range = (ends.map(\.lowerBound).min() ?? 0)...(ends.map(\.upperBound).max() ?? 1)
        let scale = LinearScale(covering: range, pixels: (left, width - right))
        for tick in scale.ticks {
            let x = scale.pixel(tick)
            svg.line(from: (x, top), to: (x, bottom), style: "grid")
            svg.text(FigureNumber.percent(tick, decimals: 0), x: x, y: bottom + 20, anchor: .middle, style: "tick")
        }
        svg.text(
            "accuracy, %; whiskers are one standard deviation over folds", x: (left + width - right) / 2, y: bottom + 44,
            anchor: .middle, style: "note")
        for (index, row) in rows.enumerated() {
            let middle = top + (Double(index) + 0.5) * rowHeight
            svg.text(row.name, x: left - 14, y: middle + 4, anchor: .end)
            for (place, measurement) in row.measurements.enumerated().reversed() {
                guard let measurement else { continue }
                let y = middle + (Double(place) - Double(series.count - 1) / 2) * 11
                draw(measurement, name: "\(row.name), \(series[place])", style: styles[place], y: y, scale: scale, in: &svg)
            }
            if let own = row.measurements[0] {
                svg.text(FigureNumber.percent(own.mean, decimals: 2), x: width - right + 12, y: middle + 4)
            }
        }
        svg.text("\(series[0]), %", x: width - right + 12, y: 74, style: "note")
        for (place, name) in series.enumerated() {
            let x = left + Double(place) * 170
            svg.circle(x: x, y: 70, radius: 5, style: styles[place], hint: name)
            svg.text(name, x: x + 12, y: 74)
        }
        return Figure("accuracy", svg: svg)
    }

    private static func draw(
        _ measurement: Measurement, name: String, style: String, y: Double, scale: LinearScale, in svg: inout SVGDocument
    ) {
        let ends = measurement.ends
        if measurement.standardDeviation != nil {
            svg.line(from: (scale.pixel(ends.lowerBound), y), to: (scale.pixel(ends.upperBound), y), style: style + " whisker")
        }
        let deviation = measurement.standardDeviation.map { " ± \(FigureNumber.percent($0, decimals: 2))" } ?? ""
        svg.circle(
            x: scale.pixel(measurement.mean), y: y, radius: 5, style: style,
            hint: "\(name): \(FigureNumber.percent(measurement.mean, decimals: 2))\(deviation) %")
    }
}
