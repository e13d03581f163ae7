/// A handwritten digit of 16 x 16 pixels, one bit each: four 64-bit words.
///
/// Pixels are numbered row by row from the top left corner, 0...255; a set bit is ink. Pixel 0 is the most significant bit of
/// `words[0]`, pixel 255 the least significant bit of `words[3]`: written big-endian, the words are the raster of a portable
/// bitmap (P4) and the 64 hexadecimal digits that clients send.
public struct Bitmap: Hashable, Sendable {
    /// Pixels in a row, and rows.
    public static let side = 16
    /// Pixels in a bitmap.
    public static let pixelCount = 256
    /// Bytes of a packed bitmap.
    public static let byteCount = 32

    /// The 256 pixels, 64 in a word, first pixel in the most significant bit.
    public var words: SIMD4<UInt64>

    public init(words: SIMD4<UInt64>) {
        self.words = words
    }

    /// A bitmap without ink.
    public static let blank = Bitmap(words: .zero)

    /// The pixel with this number, 0...255, row by row.
    @inlinable
    public subscript(pixel: Int) -> Bool {
        get { words[pixel &>> 6] &>> UInt64(63 &- (pixel & 63)) & 1 == 1 }
        set {
            let mask = UInt64(1) &<< UInt64(63 &- (pixel & 63))
            if newValue { words[pixel &>> 6] |= mask } else { words[pixel &>> 6] &= ~mask }
        }
    }

    /// The pixel in this row and column, 0...15 each, from the top left corner.
    @inlinable
    public subscript(row row: Int, column column: Int) -> Bool {
        get { self[row &* Bitmap.side &+ column] }
        set { self[row &* Bitmap.side &+ column] = newValue }
    }

    /// How many pixels are set, 0...256.
    public var inkCount: Int {
        (0..<4).reduce(0) { $0 + words[$1].nonzeroBitCount }
    }

    /// The dot product of the two bitmaps as vectors of 0 and 1: how many pixels are set in both, 0...256.
    public func dotProduct(_ other: Bitmap) -> Int {
        Bitmap(words: words & other.words).inkCount
    }

    /// The squared Euclidean distance of the two bitmaps: how many pixels differ, 0...256.
    public func squaredDistance(_ other: Bitmap) -> Int {
        Bitmap(words: words ^ other.words).inkCount
    }
}
