import Crypto

/// The packed binary form of a data set: 33 bytes a row, 32 of the bitmap (big-endian words, first pixel in the first bit), one of the label.
public enum PackedDigits {
    /// Bytes of one row: the bitmap and its label.
    public static let rowByteCount = Bitmap.byteCount + 1

    static func sha256(bitmaps: [Bitmap], labels: [UInt8]) -> String {
        var hash = SHA256()
        var row = [UInt8](repeating: 0, count: rowByteCount)
        for (bitmap, label) in zip(bitmaps, labels) {
            for word in 0..<4 {
                for byte in 0..<8 {
                    row[word * 8 + byte] = UInt8(truncatingIfNeeded: bitmap.words[word] >> UInt64(56 - 8 * byte))
                }
            }
            row[Bitmap.byteCount] = label
            hash.update(data: row)
        }
        return hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
