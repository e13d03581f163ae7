extension Bitmap {
    /// The bitmap in the 32 bytes from an offset on: 16 rows of two bytes, leftmost pixel in the most significant bit.
    ///
    /// - Precondition: 32 bytes are there.
    public init(packed bytes: RawSpan, at offset: Int = 0) {
        var words = SIMD4<UInt64>()
        for word in 0..<4 {
            // Any eight bytes are a valid UInt64, so that the load is only unsafe in name; it checks its bounds.
            words[word] = UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset + 8 * word, as: UInt64.self))
        }
        self.init(words: words)
    }

    /// Appends the 32 bytes that `init(packed:at:)` reads.
    public func appendPacked(to bytes: inout [UInt8]) {
        for word in 0..<4 {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: words[word] &>> shift))
            }
        }
    }
}
