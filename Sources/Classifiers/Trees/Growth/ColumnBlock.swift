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
    /// The mask of the rows that are not copies of one before them.
    private let distinctRows: [UInt64]
    /// The rows in the order of the bits, with gaps where a class does not fill its last word.
    private let bitmapOfBit: [Bitmap]

    init(_ rows: SampleRows) {
        let classCounts = zip(rows.classEnds, [0] + rows.classEnds).map { $0 - $1 }
        let wordCount = ColumnBlock.wordCount(classCounts: classCounts)
        var classEnds: [UInt32] = []
        var everyRow = [UInt64](repeating: 0, count: wordCount)
        var distinctRows = everyRow
        var bitmapOfBit: [Bitmap] = []
        bitmapOfBit.reserveCapacity(wordCount * 64)
        for (end, count) in zip(rows.classEnds, classCounts) {
            let firstBit = bitmapOfBit.count
            for row in 0..<count {
                let bit = firstBit + row
                everyRow[bit / 64] |= 1 &<< UInt64(bit % 64)
                if !rows.isCopy[end - count + row] { distinctRows[bit / 64] |= 1 &<< UInt64(bit % 64) }
            }
            bitmapOfBit += rows.bitmaps[end - count..<end]
            bitmapOfBit += repeatElement(.blank, count: (64 - count % 64) % 64)
            classEnds.append(UInt32(bitmapOfBit.count / 64))
        }
        self.wordCount = wordCount
        self.classEnds = classEnds
        self.everyRow = everyRow
        self.distinctRows = distinctRows
        self.bitmapOfBit = bitmapOfBit
        columns = [UInt64](unsafeUninitializedCapacity: Bitmap.pixelCount * wordCount) { buffer, initializedCount in
            for word in 0..<wordCount {
                ColumnBlock.fill(buffer, with: bitmapOfBit[word * 64..<word * 64 + 64], word: word, wordCount: wordCount)
            }
            initializedCount = Bitmap.pixelCount * wordCount
        }
    }

    /// The number of words in a column for these row counts, one a class.
    static func wordCount(classCounts: [Int]) -> Int {
        classCounts.reduce(0) { $0 + ($1 + 63) / 64 }
    }

    /// Whether rows fill so small a part of these columns that they do better in columns of their own: turning rows pays off from about a sixth
    /// down.
    func isSparse(classCounts: [Int]) -> Bool {
        wordCount > 1
            && (classCounts.reduce(0, +) <= ColumnWord.rowCapacity || ColumnBlock.wordCount(classCounts: classCounts) * 6 <= wordCount)
    }

    /// The rows that a mask holds.
    func rows(_ mask: [UInt64]) -> SampleRows {
        var rows = SampleRows()
        rows.reserveCapacity(mask.reduce(0) { $0 + $1.nonzeroBitCount })
        var word = 0
        for end in classEnds {
            while word < Int(end) {
                var bits = mask[word]
                while bits != 0 {
                    let bit = bits.trailingZeroBitCount
                    rows.append(bitmapOfBit[word * 64 + bit], isCopy: distinctRows[word] &>> UInt64(bit) & 1 == 0)
                    bits &= bits &- 1
                }
                word += 1
            }
            rows.endClass()
        }
        return rows
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

    /// Rows that a mask holds, copies counted once.
    func distinctCount(_ mask: [UInt64]) -> Int {
        zip(mask, distinctRows).reduce(0) { $0 + ($1.0 & $1.1).nonzeroBitCount }
    }

    /// The best of some features to split a masked node by: its place among them, and whether any of them differs within the node.
    func bestSplit(_ mask: [UInt64], features: UnsafeBufferPointer<UInt8>, growth: TreeGrowth) -> bk_split {
        growth.withEntropyTerms { terms in
            bk_best_split(
                columns, wordCount, mask, distinctRows, classEnds, classEnds.count, features.baseAddress, features.count,
                growth.leastLeaf, terms)
        }
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
