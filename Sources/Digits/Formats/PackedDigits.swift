import Files

/// The packed binary form of a data set: 33 bytes a row, 32 of the bitmap (big-endian words, first pixel in the first bit), one of
/// the label.
public enum PackedDigits {
    /// Bytes of one row: the bitmap and its label.
    public static let rowByteCount = Bitmap.byteCount + 1

    static func read(_ bytes: borrowing Span<UInt8>) throws(DigitsError) -> (bitmaps: [Bitmap], labels: [UInt8]) {
        guard bytes.count.isMultiple(of: rowByteCount) else { throw .packedRemainder(byteCount: bytes.count) }
        let rowCount = bytes.count / rowByteCount
        let raw = bytes.bytes
        var bitmaps: [Bitmap] = []
        var labels: [UInt8] = []
        bitmaps.reserveCapacity(rowCount)
        labels.reserveCapacity(rowCount)
        for row in 0..<rowCount {
            bitmaps.append(Bitmap(packed: raw, at: row * rowByteCount))
            labels.append(bytes[row * rowByteCount + Bitmap.byteCount])
        }
        return (bitmaps, labels)
    }

    static func write(bitmaps: [Bitmap], labels: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(bitmaps.count * rowByteCount)
        for (bitmap, label) in zip(bitmaps, labels) {
            bitmap.appendPacked(to: &bytes)
            bytes.append(label)
        }
        return bytes
    }

    static func sha256(bitmaps: [Bitmap], labels: [UInt8]) -> String {
        var hash = SHA256()
        var row: [UInt8] = []
        for (bitmap, label) in zip(bitmaps, labels) {
            row.removeAll(keepingCapacity: true)
            bitmap.appendPacked(to: &row)
            row.append(label)
            hash.update(row.span)
        }
        return hash.hexadecimal()
    }
}
