import JSONText

extension Bitmap {
    /// Hexadecimal digits of a bitmap: four of them are one row, the first digit the leftmost four pixels.
    public static let hexadecimalDigitCount = 64

    /// The bitmap that 64 hexadecimal digits spell, of either case; white space before and behind them is passed over.
    ///
    /// Allocates nothing where the text is good.
    /// - Throws: `DigitsError.empty`, `.notHexadecimal` for the first other character, `.wrongLength` for another number of digits.
    public init(hexadecimal text: borrowing Span<UInt8>) throws(DigitsError) {
        let digits = text.rangeWithoutSurroundingWhiteSpace
        try self.init(hexadecimal: text, range: digits)
    }

    /// The same for the digits in this part of a text, with nothing around them; places in errors are those in the whole text.
    init(hexadecimal text: borrowing Span<UInt8>, range: Range<Int>) throws(DigitsError) {
        guard range.count == Bitmap.hexadecimalDigitCount else { throw Bitmap.hexadecimalFault(in: text, range: range) }
        let bytes = text.bytes
        var words = SIMD4<UInt64>()
        var invalid: UInt64 = 0
        for word in 0..<4 {
            let offset = range.lowerBound + 16 * word
            let upper = HexadecimalOctet(UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            let lower = HexadecimalOctet(UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)))
            words[word] = upper.value &<< 32 | lower.value
            invalid |= upper.invalid | lower.invalid
        }
        guard invalid == 0 else { throw Bitmap.hexadecimalFault(in: text, range: range) }
        self.init(words: words)
    }

    /// What is wrong with a text that is not 64 hexadecimal digits.
    private static func hexadecimalFault(in text: borrowing Span<UInt8>, range: Range<Int>) -> DigitsError {
        if range.isEmpty { return .empty }
        for offset in range where !text[offset].isHexadecimalDigit {
            return .notHexadecimal(character: text.characterName(at: offset), at: TextPosition(offset: offset, in: text))
        }
        return .wrongLength(.hexadecimalDigits, found: range.count)
    }

    /// The 64 lower-case hexadecimal digits that `init(hexadecimal:)` reads.
    public var hexadecimal: String {
        String(unsafeUninitializedCapacity: Bitmap.hexadecimalDigitCount) { digits in
            for digit in 0..<Bitmap.hexadecimalDigitCount {
                let value = UInt8(truncatingIfNeeded: words[digit / 16] &>> UInt64(60 - digit % 16 * 4)) & 0xF
                digits[digit] = value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
            }
            return Bitmap.hexadecimalDigitCount
        }
    }
}

extension UInt8 {
    fileprivate var isHexadecimalDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }
}

/// Eight hexadecimal digits in one word, first digit in the most significant byte, decoded all at once: a table look-up a digit
/// takes several times as long. Sums of a byte below 0x80 and at most 0x7F never carry into the next byte.
private struct HexadecimalOctet {
    /// The 32 bits that the digits spell; without meaning where `invalid` is not 0.
    let value: UInt64
    /// 0 where all eight are hexadecimal digits.
    let invalid: UInt64

    init(_ digits: UInt64) {
        let everyByte: UInt64 = 0x0101_0101_0101_0101
        let topBits = 0x80 &* everyByte
        let ascii = digits & ~topBits
        let lowerCase = ascii | 0x20 &* everyByte
        let atLeastZero = ascii &+ (0x80 - 0x30) &* everyByte
        let pastNine = ascii &+ (0x80 - 0x3A) &* everyByte
        let atLeastA = lowerCase &+ (0x80 - 0x61) &* everyByte
        let pastF = lowerCase &+ (0x80 - 0x67) &* everyByte
        let valid = (atLeastZero & ~pastNine | atLeastA & ~pastF) & ~digits & topBits
        invalid = valid ^ topBits

        // Bit 6 is set in letters alone, whose low four bits count from 1.
        let letters = (ascii &>> 6) & everyByte
        var nibbles = (ascii & (0x0F &* everyByte)) &+ letters &* 9
        nibbles = (nibbles | nibbles &>> 4) & 0x00FF_00FF_00FF_00FF
        nibbles = (nibbles | nibbles &>> 8) & 0x0000_FFFF_0000_FFFF
        value = (nibbles | nibbles &>> 16) & 0xFFFF_FFFF
    }
}
