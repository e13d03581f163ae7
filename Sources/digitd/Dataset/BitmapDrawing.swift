import Digits

/// Bitmaps as text: two rows of pixels in a line of half blocks, so that pixels come out square.
enum BitmapDrawing {
    /// Eight lines of 16 characters a bitmap, bitmaps beside each other with a blank column between them.
    static func text(of bitmaps: some Collection<Bitmap>) -> String {
        stride(from: 0, to: Bitmap.side, by: 2).map { row in
            bitmaps.map { line(of: $0, row: row) }.joined(separator: " ") + "\n"
        }.joined()
    }

    /// Bitmaps that fit beside each other, at least one; any number where there is no width to keep to.
    static func bitmapCount(fitting width: Int?) -> Int {
        width.map { max(1, ($0 + 1) / (Bitmap.side + 1)) } ?? .max
    }

    private static func line(of bitmap: Bitmap, row: Int) -> String {
        String(
            (0..<Bitmap.side).map { column -> Character in
                switch (bitmap[row: row, column: column], bitmap[row: row + 1, column: column]) {
                case (true, true): "\u{2588}"
                case (true, false): "\u{2580}"
                case (false, true): "\u{2584}"
                case (false, false): " "
                }
            })
    }
}
