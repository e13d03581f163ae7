import CBitKernels

extension Bitmap {
    /// Dot products of this bitmap with many, each in 0...256, by the fastest instructions that the processor has.
    ///
    /// - Precondition: `products` holds as many elements as there are bitmaps.
    @inlinable
    public func dotProducts(with bitmaps: [Bitmap], into products: UnsafeMutableBufferPointer<UInt16>) {
        precondition(products.count == bitmaps.count)
        guard let output = products.baseAddress else { return }
        withUnsafeBytes(of: words) { query in
            bitmaps.withUnsafeBytes { rows in
                // A Bitmap is four UInt64 and nothing else: 32 bytes, 32 of stride.
                guard let queryWords = query.baseAddress?.assumingMemoryBound(to: UInt64.self),
                    let rowWords = rows.baseAddress?.assumingMemoryBound(to: UInt64.self)
                else { return }
                bk_dot_products(queryWords, rowWords, bitmaps.count, output)
            }
        }
    }
}
