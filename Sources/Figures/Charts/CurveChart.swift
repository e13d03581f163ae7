#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Accuracy over a hyperparameter whose values span powers of ten.
enum CurveChart {
    struct Point {
        let x: Double
        /// 0...1.
        let accuracy: Double
        /// Over folds; nil where it is not known.
        let standardDeviation: Double?

        var ends: ClosedRange<Double> {
            let deviation = standardDeviation ?? 0
            return max(0, accuracy - deviation)...min(1, accuracy + deviation)
        }
    }

    /// One line.
    struct Curve {
        let name: String
        /// By x, ascending.
        let points: [Point]
        let style: String
    }

    static func figure(_ name: String, title: String, note: String, xAxis: String, curves: [Curve]) -> Figure {
        let (left, right, top, bottom) = (80.0, 600.0, 80.0, 420.0)
        var svg = SVGDocument(width: 850, height: 500, title: title, note: note)
        let ranges = curves.flatMap { $0.points.map(\.ends) }
        let scale = LinearScale(
            covering: (ranges.map(\.lowerBound).min() ?? 0)...(ranges.map(\.upperBound).max() ?? 1), pixels: (bottom, top))
        for tick in scale.ticks {
            let y = scale.pixel(tick)
            svg.line(from: (left, y), to: (right, y), style: "grid")
            svg.text(FigureNumber.percent(tick, decimals: 0), x: left - 10, y: y + 4, anchor: .end, style: "tick")
        }
        let places = Set(curves.flatMap { $0.points.map(\.x) }).sorted()
        let ends = (log(places.first ?? 1), log(places.last ?? 10))
        func pixel(_ x: Double) -> Double { left + 20 + (log(x) - ends.0) / max(ends.1 - ends.0, 1e-9) * (right - left - 40) }
        for place in places {
            svg.line(from: (pixel(place), bottom), to: (pixel(place), bottom + 5), style: "axis")
            svg.text(FigureNumber.text(place, decimals: 3), x: pixel(place), y: bottom + 20, anchor: .middle, style: "tick")
        }
        svg.line(from: (left, bottom), to: (right, bottom), style: "axis")
        svg.text(xAxis, x: (left + right) / 2, y: bottom + 46, anchor: .middle, style: "note")
        svg.text(
            "whiskers are one standard deviation over folds", x: (left + right) / 2, y: bottom + 64, anchor: .middle, style: "note small")
        svg.text("accuracy, %", x: 24, y: (top + bottom) / 2, anchor: .middle, style: "note", turned: true)
        for (index, curve) in curves.enumerated() {
            // Whiskers of curves with the same places would cover each other.
            let shift = (Double(index) - Double(curves.count - 1) / 2) * 5
            func place(_ point: Point) -> Double { pixel(point.x) + shift }
            for point in curve.points where point.standardDeviation != nil {
                let (low, high) = (scale.pixel(point.ends.lowerBound), scale.pixel(point.ends.upperBound))
                svg.line(from: (place(point), low), to: (place(point), high), style: marker(curve.style) + " whisker")
            }
            svg.polyline(curve.points.map { (place($0), scale.pixel($0.accuracy)) }, style: curve.style + " curve")
            for point in curve.points {
                let deviation = point.standardDeviation.map { " ± \(FigureNumber.percent($0, decimals: 2))" } ?? ""
                svg.circle(
                    x: place(point), y: scale.pixel(point.accuracy), radius: 4, style: marker(curve.style),
                    hint: "\(curve.name), \(FigureNumber.text(point.x, decimals: 3)): "
                        + "\(FigureNumber.percent(point.accuracy, decimals: 2))\(deviation) %")
            }
        }
        label(curves, x: right + 12, scale: scale, in: &svg)
        return Figure(name, svg: svg)
    }

    /// Markers are whole where lines are dashed.
    private static func marker(_ style: String) -> String { String(style.prefix { $0 != " " }) }

    /// Names at the ends of the lines, moved apart where they would overlap.
    private static func label(_ curves: [Curve], x: Double, scale: LinearScale, in svg: inout SVGDocument) {
        var lowestFree = -Double.infinity
        let ends = curves.compactMap { curve in curve.points.last.map { (curve, scale.pixel($0.accuracy)) } }
        for (curve, end) in ends.sorted(by: { $0.1 < $1.1 }) {
            let y = max(end + 4, lowestFree)
            svg.line(from: (x, y - 4), to: (x + 22, y - 4), style: curve.style + " curve")
            svg.text(curve.name, x: x + 28, y: y)
            lowestFree = y + 17
        }
    }
}
