/// Numbers as figures write them.
enum FigureNumber {
    /// Rounded to so many decimals, without zeros at the end.
    static func text(_ value: Double, decimals: Int) -> String {
        var text = fixed(value, decimals: decimals)
        guard text.contains(".") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text == "-0" ? "0" : text
    }

    /// Rounded to exactly so many decimals.
    static func fixed(_ value: Double, decimals: Int) -> String {
        let unit = (0..<decimals).reduce(1) { unit, _ in unit * 10 }
        let scaled = Int((abs(value) * Double(unit)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % unit)
        return "\(sign)\(scaled / unit)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    /// A share of one in per cent, without the sign.
    static func percent(_ share: Double, decimals: Int = 1) -> String { fixed(share * 100, decimals: decimals) }
}
