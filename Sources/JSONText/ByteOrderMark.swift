extension Span<UInt8> {
    /// Where a text in UTF-8 begins: behind a byte-order mark, which Windows programs put before it and which is no part of it.
    @inlinable
    package var textStart: Int {
        count >= 3 && self[0] == 0xEF && self[1] == 0xBB && self[2] == 0xBF ? 3 : 0
    }
}
