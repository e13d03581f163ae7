import CBitKernels
import Digits

/// Rows turned into columns: for every pixel a string of bits, one a row.
///
/// A node of a tree is then a mask over the rows, and what a split would do to it is counted by AND and popcount, 64 rows at a time.
/// Every class begins a word of its own, so that counting a class is counting words.
struct ColumnBlock {
    /// Words of a column.
    let wordCount: Int
    /// 256 x `wordCount`, column after column.
    let columns: [UInt64]
    /// The word in which each class ends; classes without rows take none.
    let classEnds: [UInt32]
    /// The mask of all rows.
    let everyRow: [UInt64]
    /// The rows in the order of the bits, with gaps where a class does not fill its last word.
    private let bitmapOfBit: [Bitmap]

    init(_ rows: SampleRows) {
        var firstWords: [Int] = []
        var classEnds: [UInt32] = []
        var wordCount = 0
        var begin = 0
        for end in rows.classEnds {
            firstWords.append(wordCount)
            wordCount += (end - begin + 63) / 64
            classEnds.append(UInt32(wordCount))
            begin = end
        }
        var everyRow = [UInt64](repeating: 0, count: wordCount)
        var bitmapOfBit = [Bitmap](repeating: .blank, count: wordCount * 64)
        begin = 0
        for (end, firstWord) in zip(rows.classEnds, firstWords) {
            for row in begin..<end {
                let bit = firstWord * 64 + (row - begin)
                bitmapOfBit[bit] = rows.bitmaps[row]
                everyRow[bit / 64] |= 1 &<< UInt64(bit % 64)
            }
            begin = end
        }
        self.wordCount = wordCount
        self.classEnds = classEnds
        self.everyRow = everyRow
        self.bitmapOfBit = bitmapOfBit
        columns = [UInt64](unsafeUninitializedCapacity: Bitmap.pixelCount * wordCount) { buffer, initializedCount in
            for word in 0..<wordCount {
                ColumnBlock.fill(buffer, with: bitmapOfBit[word * 64..<word * 64 + 64], word: word, wordCount: wordCount)
            }
            initializedCount = Bitmap.pixelCount * wordCount
        }
    }

    /// Words of the columns of a block with so many rows of each class.
    static func wordCount(classCounts: [Int]) -> Int {
        classCounts.reduce(0) { $0 + ($1 + 63) / 64 }
    }

    /// The rows that a mask holds.
    func rows(_ mask: [UInt64]) -> SampleRows {
        var bitmaps: [Bitmap] = []
        var ends: [Int] = []
        var word = 0
        for end in classEnds {
            while word < Int(end) {
                var bits = mask[word]
                while bits != 0 {
                    bitmaps.append(bitmapOfBit[word * 64 + bits.trailingZeroBitCount])
                    bits &= bits &- 1
                }
                word += 1
            }
            ends.append(bitmaps.count)
        }
        return SampleRows(bitmaps: bitmaps, classEnds: ends)
    }

    /// Rows of each class that a mask holds.
    func classCounts(_ mask: [UInt64]) -> [Int] {
        var word = 0
        return classEnds.map { end in
            var count = 0
            while word < Int(end) {
                count += mask[word].nonzeroBitCount
                word += 1
            }
            return count
        }
    }

    /// The best of some features to split a masked node by: its place among them, and whether any of them differs within the node.
    func bestSplit(_ mask: [UInt64], features: UnsafeBufferPointer<UInt8>, leastLeaf: UInt32) -> bk_split {
        bk_best_split(columns, wordCount, mask, classEnds, classEnds.count, features.baseAddress, features.count, leastLeaf)
    }

    /// The rows of a mask in which a pixel is set, and those in which it is not.
    func split(_ mask: [UInt64], feature: Int) -> (left: [UInt64], right: [UInt64]) {
        var left = mask
        var right = mask
        for word in 0..<wordCount {
            let column = columns[feature * wordCount + word]
            left[word] &= ~column
            right[word] &= column
        }
        return (left, right)
    }

    private static func fill(_ columns: UnsafeMutableBufferPointer<UInt64>, with bitmaps: ArraySlice<Bitmap>, word: Int, wordCount: Int) {
        guard let base = columns.baseAddress else { return }
        bitmaps.withUnsafeBytes { bytes in
            // A Bitmap is four UInt64 and nothing else.
            guard let rows = bytes.baseAddress?.assumingMemoryBound(to: UInt64.self) else { return }
            bk_columns(rows, bitmaps.count, base + word, wordCount)
        }
    }
}

/// At most 64 rows as columns: a column is one word, and so is a node.
struct ColumnWord {
    /// Most rows that fit.
    static let rowCapacity = 64

    private let columns: [UInt64]
    /// The rows of each class.
    private let classMasks: [UInt64]
    let everyRow: UInt64

    /// - Precondition: at most 64 rows.
    init(_ rows: SampleRows) {
        precondition(rows.bitmaps.count <= ColumnWord.rowCapacity, "a word holds 64 rows")
        columns = [UInt64](unsafeUninitializedCapacity: Bitmap.pixelCount) { buffer, initializedCount in
            rows.bitmaps.withUnsafeBytes { bytes in
                // A Bitmap is four UInt64 and nothing else.
                guard let base = buffer.baseAddress, let words = bytes.baseAddress?.assumingMemoryBound(to: UInt64.self) else { return }
                bk_columns(words, rows.bitmaps.count, base, 1)
            }
            initializedCount = Bitmap.pixelCount
        }
        func mask(below row: Int) -> UInt64 { row == 64 ? .max : (1 &<< UInt64(row)) &- 1 }
        var begin = 0
        classMasks = rows.classEnds.map { end in
            defer { begin = end }
            return mask(below: end) & ~mask(below: begin)
        }
        everyRow = mask(below: rows.bitmaps.count)
    }

    /// The class of all rows of a mask, by position; nil where they are of several.
    func onlyClass(_ mask: UInt64) -> Int? {
        classMasks.firstIndex { mask & ~$0 == 0 }
    }

    func classCounts(_ mask: UInt64) -> [Int] {
        classMasks.map { (mask & $0).nonzeroBitCount }
    }

    func column(_ feature: Int) -> UInt64 { columns[feature] }

    func bestSplit(_ mask: UInt64, features: UnsafeBufferPointer<UInt8>, leastLeaf: UInt32) -> bk_split {
        bk_best_split_in_word(columns, mask, classMasks, classMasks.count, features.baseAddress, features.count, leastLeaf)
    }
}
