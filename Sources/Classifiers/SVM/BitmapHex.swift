import Digits

extension Bitmap {
    /// 64 lower-case hexadecimal digits, first pixel first.
    var hexDigits: String {
        (0..<4).map { word in
            let digits = String(words[word], radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Nil for anything but 64 hexadecimal digits.
    init?(hexDigits: String) {
        let digits = Array(hexDigits.utf8)
        guard digits.count == 64 else { return nil }
        var words = SIMD4<UInt64>.zero
        for (position, digit) in digits.enumerated() {
            guard let value = Character(UnicodeScalar(digit)).hexDigitValue else { return nil }
            words[position / 16] = words[position / 16] << 4 | UInt64(value)
        }
        self.init(words: words)
    }
}
