extension Double {
    /// This number with a fixed count of decimals, halves away from zero, always with a point: `96.11`.
    ///
    /// - Precondition: 0...9 decimals, and a magnitude below 9 x 10^9.
    func decimals(_ count: Int) -> String {
        let scale = (0..<count).reduce(1) { product, _ in product * 10 }
        let scaled = Int((magnitude * Double(scale)).rounded())
        let sign = self < 0 && scaled != 0 ? "-" : ""
        guard count > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % scale)
        return "\(sign)\(scaled / scale)." + String(repeating: "0", count: count - fraction.count) + fraction
    }

    /// This probability with two digits that count: `0.020`, `2.2e-05`.
    var twoSignificantDigits: String {
        guard self > 0, self < 1 else { return decimals(1) }
        var exponent = 0
        var leading = self
        while leading < 1 {
            leading *= 10
            exponent += 1
        }
        // Rounding may reach the next power of ten: 0.0999 is 0.10.
        if (leading * 10).rounded() >= 100 {
            leading = 1
            exponent -= 1
        }
        return exponent <= 3 ? decimals(exponent + 1) : "\(leading.decimals(1))e-\(exponent < 10 ? "0" : "")\(exponent)"
    }

    /// This share of one in per cent with two decimals: `96.11 %`.
    var percent: String { (self * 100).decimals(2) + " %" }
}
