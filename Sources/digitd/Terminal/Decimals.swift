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

    /// This share of one in per cent with two decimals: `96.11 %`.
    var percent: String { (self * 100).decimals(2) + " %" }
}
