import JSONText

/// One bitmap as a file of the portable bitmap format: P1 (`0` and `1` in text) or P4 (packed rows), 16 x 16 pixels, 1 is ink.
///
/// The format is that of Netpbm's pbm(5): magic number, width, height, raster. A comment runs from `#` to the end of the line and may
/// stand wherever the header, or P1's raster, may have white space; one white-space character ends the header of P4.
public enum PortableBitmap {
    /// Whether the bytes begin as a portable bitmap does.
    static func isMarked(_ bytes: borrowing Span<UInt8>) -> Bool {
        bytes.count > 2 && bytes[0] == UInt8(ascii: "P") && (bytes[1] == UInt8(ascii: "1") || bytes[1] == UInt8(ascii: "4"))
            && (bytes[2].isWhiteSpace || bytes[2] == UInt8(ascii: "#"))
    }

    /// Reads one bitmap; white space may follow it.
    ///
    /// - Throws: `DigitsError.empty`, `.notAPortableBitmap`, `.portableBitmapSize`, `.wrongLength` for too few or too many pixels,
    ///   `.notAPixel` for a character other than 0 and 1 in P1's raster.
    public static func read(_ bytes: borrowing Span<UInt8>) throws(DigitsError) -> Bitmap {
        guard !bytes.isEmpty else { throw .empty }
        guard isMarked(bytes) else {
            throw .notAPortableBitmap(expected: "P1 or P4 and white space", at: TextPosition(line: 1, column: 1))
        }
        var offset = 2
        let width = try number("the width", in: bytes, at: &offset)
        let height = try number("the height", in: bytes, at: &offset)
        guard width == Bitmap.side, height == Bitmap.side else { throw .portableBitmapSize(width: width, height: height) }
        return bytes[1] == UInt8(ascii: "4") ? try packedRaster(in: bytes, at: offset) : try textRaster(in: bytes, at: offset)
    }

    /// The P4 file of a bitmap: 10 bytes of header, 32 of raster.
    public static func packed(_ bitmap: Bitmap) -> [UInt8] {
        var bytes = Array("P4\n16 16\n".utf8)
        bitmap.appendPacked(to: &bytes)
        return bytes
    }

    /// The P1 file of a bitmap: header and 16 lines.
    public static func text(_ bitmap: Bitmap) -> String {
        "P1\n16 16\n" + bitmap.zeroOneText
    }

    private static func skipSpaceAndComments(in bytes: borrowing Span<UInt8>, at offset: inout Int) {
        while offset < bytes.count {
            if bytes[offset] == UInt8(ascii: "#") {
                offset = bytes.endOfLine(from: offset)
            } else if bytes[offset].isWhiteSpace {
                offset += 1
            } else {
                return
            }
        }
    }

    private static func number(_ name: String, in bytes: borrowing Span<UInt8>, at offset: inout Int) throws(DigitsError) -> Int {
        skipSpaceAndComments(in: bytes, at: &offset)
        let start = offset
        while offset < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset]) { offset += 1 }
        guard let value = Int(bytes.excerpt(start..<offset)) else {
            throw .notAPortableBitmap(expected: name, at: TextPosition(offset: start, in: bytes))
        }
        return value
    }

    private static func packedRaster(in bytes: borrowing Span<UInt8>, at headerEnd: Int) throws(DigitsError) -> Bitmap {
        var offset = headerEnd
        // A comment directly behind the height belongs to the header; its line feed is then the one white space that ends it.
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "#") { offset = bytes.endOfLine(from: offset) }
        guard offset < bytes.count, bytes[offset].isWhiteSpace else {
            throw .notAPortableBitmap(expected: "white space behind the height", at: TextPosition(offset: offset, in: bytes))
        }
        offset += 1
        let found = bytes.count - offset
        guard found >= Bitmap.byteCount else { throw .wrongLength(.portableBitmapRaster, found: found) }
        for rest in (offset + Bitmap.byteCount)..<bytes.count where !bytes[rest].isWhiteSpace {
            throw .wrongLength(.portableBitmapRaster, found: found)
        }
        return Bitmap(packed: bytes.bytes, at: offset)
    }

    private static func textRaster(in bytes: borrowing Span<UInt8>, at headerEnd: Int) throws(DigitsError) -> Bitmap {
        var bitmap = Bitmap.blank
        var pixelCount = 0
        var offset = headerEnd
        skipSpaceAndComments(in: bytes, at: &offset)
        while offset < bytes.count {
            let byte = bytes[offset]
            guard byte == UInt8(ascii: "0") || byte == UInt8(ascii: "1") else {
                throw .notAPixel(value: bytes.excerpt(offset..<offset + 1), at: TextPosition(offset: offset, in: bytes))
            }
            if pixelCount < Bitmap.pixelCount { bitmap[pixelCount] = byte == UInt8(ascii: "1") }
            pixelCount += 1
            offset += 1
            skipSpaceAndComments(in: bytes, at: &offset)
        }
        guard pixelCount == Bitmap.pixelCount else { throw .wrongLength(.pixels, found: pixelCount) }
        return bitmap
    }
}
