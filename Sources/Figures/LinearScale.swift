/// Where a value stands on an axis, and the round values that mark it.
struct LinearScale {
    let values: ClosedRange<Double>
    /// Pixels at the ends of `values`; the first may be the larger, as on an axis that goes up.
    let pixels: (first: Double, last: Double)

    /// The values widened to round ones.
    ///
    /// - Parameter tickCount: about how many marks there are to be.
    init(covering range: ClosedRange<Double>, tickCount: Int = 6, pixels: (first: Double, last: Double)) {
        let step = LinearScale.roundStep(range, tickCount: tickCount)
        values = (range.lowerBound / step).rounded(.down) * step...(range.upperBound / step).rounded(.up) * step
        self.step = step
        self.pixels = pixels
    }

    /// Between two marks.
    let step: Double

    var ticks: [Double] {
        (0...Int(((values.upperBound - values.lowerBound) / step).rounded())).map { values.lowerBound + Double($0) * step }
    }

    func pixel(_ value: Double) -> Double {
        let share = (value - values.lowerBound) / (values.upperBound - values.lowerBound)
        return pixels.first + share * (pixels.last - pixels.first)
    }

    /// 1, 2 or 5 times a power of ten.
    private static func roundStep(_ range: ClosedRange<Double>, tickCount: Int) -> Double {
        let rough = max(range.upperBound - range.lowerBound, 1e-9) / Double(tickCount)
        var power = 1.0
        while power * 10 <= rough { power *= 10 }
        while power > rough { power /= 10 }
        return [1, 2, 5, 10].first { Double($0) * power >= rough }.map { Double($0) * power } ?? power * 10
    }
}
